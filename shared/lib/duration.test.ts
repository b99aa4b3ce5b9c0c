import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goDurationText, parseDuration, protoDurationText } from './duration.ts';

const millisecond = 1_000_000n;

describe('parseDuration', () => {
  it.each([
    ['45s', 45_000n * millisecond],
    ['1m30s', 90_000n * millisecond],
    ['7.500s', 7_500n * millisecond],
    ['1h', 3_600_000n * millisecond],
    ['1.5h', 5_400_000n * millisecond],
    ['-2ms', -2n * millisecond],
    ['+2ms', 2n * millisecond],
    ['.5s', 500n * millisecond],
    ['5.s', 5_000n * millisecond],
    ['1us', 1_000n],
    ['1µs', 1_000n],
    ['1μs', 1_000n],
    ['3ns', 3n],
    ['0', 0n],
    ['-0', 0n],
    ['9223372036854775807ns', 2n ** 63n - 1n],
    ['-9223372036854775808ns', -(2n ** 63n)],
  ])('reads %s', (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });

  it.each(['', '5', 's', '.s', '1d', '1 s', '1s ', '-', '1s-2s', '1e3s', '9223372036854775808ns', '3000000h'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('goDurationText', () => {
  it.each([
    [0n, '0s'],
    [1n, '1ns'],
    [1_500n, '1.5µs'],
    [500n * millisecond, '500ms'],
    [1_500n * millisecond, '1.5s'],
    [7_500n * millisecond, '7.5s'],
    [60_000n * millisecond, '1m0s'],
    [90_000n * millisecond, '1m30s'],
    [3_600_000n * millisecond, '1h0m0s'],
    [-90_500n * millisecond, '-1m30.5s'],
  ])('prints %s ns', (nanoseconds, text) => {
    expect(goDurationText(nanoseconds)).toBe(text);
  });

  it('prints what it reads again', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (nanoseconds) => {
        expect(parseDuration(goDurationText(nanoseconds))).toBe(nanoseconds);
        expect(parseDuration(protoDurationText(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });
});

describe('protoDurationText', () => {
  it.each([
    [0n, '0s'],
    [45_000n * millisecond, '45s'],
    [7_500n * millisecond, '7.500s'],
    [1_000n, '0.000001s'],
    [1n, '0.000000001s'],
    [-1_500n * millisecond, '-1.500s'],
  ])('prints %s ns with 0, 3, 6 or 9 decimals', (nanoseconds, text) => {
    expect(protoDurationText(nanoseconds)).toBe(text);
  });
});
