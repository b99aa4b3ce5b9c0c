import { describe, expect, it } from 'vitest';
import { headerValueProblem } from './header-value.ts';

describe('headerValueProblem', () => {
  it.each(['', 'a\tb', '100%%', '%A%', 'a %A(b)% c', '%A(["b", "c"])%', '%A( [ "b" ] ) %', '%A(b\\)c)%', '%%%A%%%'])(
    'takes %j',
    (value) => {
      expect(headerValueProblem(value)).toBeUndefined();
    },
  );

  it.each<[string, string]>([
    ['100%', 'Un-escaped %'],
    ['%A%%', 'Un-escaped %'],
    ['a%b', "Un-terminated variable expression 'a%b'"],
    ['%A(', "Un-terminated variable expression '%A('"],
    ['%A(b)c%', "Expecting '%' or whitespace after"],
    ['%A([b])%', `Expecting '"'`],
    ['%A(["b" "c"])%', "Expecting ',', ']', or whitespace"],
    ['%A(["b"]c)%', "Expecting ')' or whitespace after '{}', but found '{}'"],
    ['%A(b\\', 'Un-terminated backslash in JSON string'],
  ])('refuses %j', (value, reason) => {
    expect(headerValueProblem(value)).toBe(`header value configuration: invalid header configuration. ${reason}`);
  });

  it('refuses control characters', () => {
    expect(headerValueProblem('a\nb')).toBe('header value configuration a\nb is invalid');
  });
});
