import { describe, expect, it } from 'vitest';
import { median } from './bench.ts';
import { figureTable } from './table.ts';

describe('figureTable', () => {
  it('shows ratio and difference to what stands beside', () => {
    const text = figureTable([
      { what: 'CPU', unit: 'µs', value: 300, beside: 200 },
      { what: 'rate', unit: 'req/s', value: 1500, beside: 3000 },
      { what: 'bundle', unit: 'bytes', value: 12.34 },
    ]);

    expect(text.split('\n')).toEqual([
      '               ours       beside  ratio    difference',
      'CPU          300 µs       200 µs   1.50       +100 µs',
      'rate    1,500 req/s  3,000 req/s   0.50  -1,500 req/s',
      'bundle   12.3 bytes',
    ]);
  });

  it('says of each promise whether it is kept', () => {
    const text = figureTable([
      { what: 'memory', unit: 'MB', value: 400, atMost: 1500 },
      { what: 'share', unit: '%', value: 1.2, atMost: 1 },
      { what: 'classes', unit: '', value: 6 },
    ]);

    expect(text.split('\n').map((line) => line.replaceAll(/ {2,}/g, '|'))).toEqual([
      '|ours|beside|ratio|difference|promised',
      'memory|400 MB|≤ 1,500 MB: kept',
      'share|1.2 %|≤ 1 %: BROKEN',
      'classes|6',
    ]);
  });
});

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
