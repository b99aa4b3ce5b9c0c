import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regexProblem } from './re2.ts';

describe('an expression of RE2', () => {
  it.each([
    [''],
    ['.*'],
    ['/re/[a-z]+(/.*)?'],
    ['^(.*?;)?(user=jason)(;.*)?$'],
    ['GET|HEAD'],
    ['(?i)abc'],
    ['(?i:abc)d'],
    ['(?-s).(?i-m:x)'],
    ['(?:a|b)+?'],
    ['(?P<name>a)'],
    ['(?<name>a)'],
    ['a{2}b{2,}c{2,3}?'],
    ['a{'],
    ['a{,3}'],
    ['{x}'],
    [']'],
    ['[]a]'],
    ['[^]a]'],
    ['[a-]'],
    ['[-a]'],
    ['[\\]\\w-]'],
    ['[[:alpha:]_]'],
    ['[[:^digit:]]'],
    ['[a[]'],
    ['\\d+\\.\\x41\\x{10FFFF}\\pL\\p{Greek}\\P{^Lu}'],
    ['\\Q(*\\E+'],
    ['\\Q('],
    ['\\123\\07'],
    ['||'],
    ['()'],
    ['\\_\\-\\/'],
  ])('is %j', (pattern) => {
    expect(regexProblem(pattern)).toBeUndefined();
  });

  it.each([
    ['(', /not closed/],
    ['a)', /was not opened/],
    ['[a', /bracket is not closed/],
    ['[]', /bracket is not closed/],
    ['[^]', /bracket is not closed/],
    ['*', /nothing that could be repeated/],
    ['+a', /nothing that could be repeated/],
    ['a|*', /nothing that could be repeated/],
    ['(?)', /looking ahead/],
    ['(+)', /nothing that could be repeated/],
    ['a**', /cannot be repeated/],
    ['a+*', /cannot be repeated/],
    ['a{2}{3}', /cannot be repeated/],
    ['a{3,2}', /no count/],
    ['a{1001}', /no count/],
    ['(?=a)', /looking ahead/],
    ['(?!a)', /looking ahead/],
    ['(?<=a)', /looking ahead/],
    ['(?<!a)', /looking ahead/],
    ['(?P=a)', /looking ahead/],
    ['(?x)a', /looking ahead/],
    ['(a)\\1', /\\1 has no meaning/],
    ['\\y', /\\y has no meaning/],
    ['\\xG', /\\x has no meaning/],
    ['a\\', /ends with a backslash/],
    ['[z-a]', /no range/],
    ['[a-\\', /no range/],
    ['[\\y]', /escape in brackets/],
    ['[[:nope:]]', /no such name/],
  ])('is not %j', (pattern, reason) => {
    expect(regexProblem(pattern)).toMatch(reason);
  });

  it('comes out of escaping any text', () => {
    const escaped = (text: string): string => text.replace(/[^A-Za-z0-9]/gu, '\\$&');
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(regexProblem(escaped(text))).toBeUndefined();
      }),
    );
  });

  it('is looked at in full, whatever the text is', () => {
    const pieces = fc.constantFrom('a', '(', ')', '[', ']', '*', '{', '2', '}', ',', '\\', '?', ':', '-', '|', '^');
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const problem = regexProblem(parts.join(''));
        expect(problem === undefined || problem.length > 0).toBe(true);
      }),
    );
  });
});
