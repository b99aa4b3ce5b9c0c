import { describe, expect, it } from 'vitest';
import { memo, memoOf } from './memo.ts';

describe('memo', () => {
  it('computes a text once', () => {
    const asked: string[] = [];
    const lengthOf = memo((text) => asked.push(text) && text.length);

    expect([lengthOf('ab'), lengthOf('ab'), lengthOf('abc')]).toEqual([2, 2, 3]);
    expect(asked).toEqual(['ab', 'abc']);
  });

  it('keeps no more than its limits', () => {
    const asked: string[] = [];
    const echo = memo((text) => asked.push(text), 2, 3);

    for (const text of ['a', 'b', 'c', 'a', 'long text', 'long text']) echo(text);

    expect(asked).toEqual(['a', 'b', 'c', 'a', 'long text', 'long text']);
  });
});

describe('memoOf', () => {
  it('computes once for each value, also where there is no result', () => {
    let calls = 0;
    const remembered = memoOf((_: object): undefined => {
      calls += 1;
    });
    const [one, other] = [{}, {}];

    for (const value of [one, other, one, other]) remembered(value);

    expect(calls).toBe(2);
  });
});
