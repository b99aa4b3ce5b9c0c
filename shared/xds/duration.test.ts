import { describe, expect, it } from 'vitest';
import { durationOf, seconds } from './duration.ts';

describe('durations', () => {
  it.each([
    ['0s', 0n, 0],
    ['1.5s', 1n, 500_000_000],
    ['1m30s', 90n, 0],
    ['250ms', 0n, 250_000_000],
  ])('reads %s', (text, wholeSeconds, nanos) => {
    expect(durationOf(text)).toMatchObject({ seconds: wholeSeconds, nanos });
  });

  it.each(['', 'soon', '5'])('does not take %j for one', (text) => {
    expect(durationOf(text)).toBeUndefined();
  });

  it('counts whole seconds', () => {
    expect(seconds(15)).toMatchObject({ seconds: 15n, nanos: 0 });
  });
});
