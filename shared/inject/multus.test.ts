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

describe('appendMultusNetwork in either notation', () => {
  it.each([
    ['', 'a/b', 'a/b'],
    ['x', 'a/b', 'x, a/b'],
    ['x, a/b', 'a/b', 'x, a/b'],
    ['x,a/b,y', 'a/b', 'x,a/b,y'],
    ['a/bc', 'a/b', 'a/bc, a/b'],
    ['[{"name":"x"}]', 'a/b', '[{"name":"x"}, {"name": "b", "namespace": "a"}]'],
    ['[{"name":"x"}]', 'b', '[{"name":"x"}, {"name": "b"}]'],
    ['[{"name":"x"}\n]', 'b', '[{"name":"x"}\n, {"name": "b"}]'],
    ['[{"name":"b","namespace":"a"}]', 'a/b', '[{"name":"b","namespace":"a"}]'],
    ['[{"name":"b"}]', 'b', '[{"name":"b"}]'],
    ['[{"name":"b"}]', 'a/b', '[{"name":"b"}, {"name": "b", "namespace": "a"}]'],
    ['[{"name":"b","namespace":"c"}]', 'b', '[{"name":"b","namespace":"c"}, {"name": "b"}]'],
    ['[]', 'b', '[, {"name": "b"}]'],
    ['[{"name":"x","ips":["1]"]}]', 'b', '[{"name":"x","ips":["1]"]}, {"name": "b"}]'],
    ['x]', 'b', 'x]'],
    ['["x"]', 'b', '["x"]'],
    ['{"a":[]}', 'b', '{"a":[]}'],
    ['[{"name":"x"}', 'b', '[{"name":"x"}, b'],
  ])('to %j adds %s: %j', (existing, network, result) => {
    expect(appendMultusNetwork(existing, network)).toBe(result);
  });
});
