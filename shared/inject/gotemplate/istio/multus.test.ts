import { describe, expect, it } from 'vitest';
import { appendMultusNetwork } from './multus.ts';

describe('appendMultusNetwork', () => {
  it.each([
    ['', 'ns/n', 'ns/n'],
    ['a', 'ns/n', 'a, ns/n'],
    [' ns/n ,b', 'ns/n', ' ns/n ,b'],
    ['[{"name":"x"}]', 'n', '[{"name":"x"}, {"name": "n"}]'],
    ['[{"name":"n","namespace":"ns"}]', 'ns/n', '[{"name":"n","namespace":"ns"}]'],
    ['[{"name":"n"}]', 'ns/n', '[{"name":"n"}, {"name": "n", "namespace": "ns"}]'],
    ['["x"]', 'n', '["x"]'],
    ['x]', 'n', 'x]'],
    ['[]', 'n', '[, {"name": "n"}]'],
  ])('to %j adds %s', (existing, network, expected) => {
    expect(appendMultusNetwork(existing, network)).toBe(expected);
  });
});
