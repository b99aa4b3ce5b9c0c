import { describe, expect, it } from 'vitest';
import { compareText } from './compare-text.ts';

describe('compareText', () => {
  it('orders like UTF-8 bytes', () => {
    const sorted = ['', 'A', 'a', 'aa', 'b', '\u00e9', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}', '\u{1f600}a'];

    expect([...sorted].reverse().sort(compareText)).toEqual(sorted);
  });

  it('takes equal texts for equal', () => {
    expect(compareText('a\u{1f600}', 'a\u{1f600}')).toBe(0);
  });
});
