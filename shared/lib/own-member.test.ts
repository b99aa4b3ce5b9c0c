import { describe, expect, it } from 'vitest';
import { ownMember, setOwnMember } from './own-member.ts';

describe('own members', () => {
  it('are read without what the prototype has', () => {
    expect([ownMember<unknown>({ a: 1 }, 'a'), ownMember<unknown>({}, 'constructor'), ownMember<unknown>({}, '__proto__')]).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });

  it('are written also under the name of the prototype', () => {
    const object: Record<string, number> = {};

    setOwnMember(object, '__proto__', 1);
    setOwnMember(object, 'a', 2);

    expect(JSON.stringify(object)).toBe('{"__proto__":1,"a":2}');
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  });
});
