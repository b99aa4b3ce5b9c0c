import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('is JSON of the same value, and the same text for it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(value)).toBe(canonicalJson(JSON.parse(JSON.stringify(value))));
      }),
    );
  });

  it.each([
    ['the order of keys', { b: 1, a: { d: 2, c: 3 } }, { a: { c: 3, d: 2 }, b: 1 }],
    ['members without a value', { a: 1, b: undefined }, { a: 1 }],
    ['the order of a set', new Set(['b', 'a']), new Set(['a', 'b'])],
  ])('says nothing of %s', (_, left, right) => {
    expect(canonicalJson(left)).toBe(canonicalJson(right));
  });

  it.each([
    ['sets', { a: new Set(['x']) }, { a: new Set(['y']) }],
    ['maps', new Map([['x', { y: 1 }]]), new Map([['x', { y: 2 }]])],
    [
      'the order of maps',
      new Map([
        [1, 2],
        [3, 4],
      ]),
      new Map([
        [3, 4],
        [1, 2],
      ]),
    ],
    ['lists', ['a', 'b'], ['a,b']],
    ['numbers and texts', [1], ['1']],
  ])('tells %s apart', (_, left, right) => {
    expect(canonicalJson(left)).not.toBe(canonicalJson(right));
  });
});
