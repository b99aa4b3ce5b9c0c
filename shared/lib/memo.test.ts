import { describe, expect, it } from 'vitest';
import { memo } from './memo.ts';

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
