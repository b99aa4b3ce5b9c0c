import fc from 'fast-check';
import { RE2JS } from 're2js';
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
    ['(?)'],
    ['a*(?i)*'],
    ['(?:a{500}b){2}'],
    ['\\p{Any}'],
    ['\\_\\-\\/'],
    ['[😀-😁]'],
    ['[\\d-z]'],
    ['[\\t-\\x{41}]'],
  ])('is %j', (pattern) => {
    expect(regexProblem(pattern)).toBeUndefined();
  });

  it.each([
    ['(', 'missing closing ): `(`'],
    ['a)', 'unexpected ): `a)`'],
    ['[a', 'missing closing ]: `[a`'],
    ['[]', 'missing closing ]: `[]`'],
    ['[^]', 'missing closing ]: `[^]`'],
    ['*', 'missing argument to repetition operator: `*`'],
    ['a|+', 'missing argument to repetition operator: `+`'],
    ['(+)', 'missing argument to repetition operator: `+`'],
    ['a**', 'invalid nested repetition operator: `*`'],
    ['a+*?', 'invalid nested repetition operator: `*?`'],
    ['a{2}{3}', 'invalid nested repetition operator: `{3}`'],
    ['a{3,2}', 'invalid repeat count: `{3,2}`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['(?:a{500}b){3}', 'invalid repeat count: `{3}`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?<!a)', 'invalid or unsupported Perl syntax: `(?<`'],
    ['(?P=a)', 'invalid or unsupported Perl syntax: `(?P`'],
    ['(?x)a', 'invalid or unsupported Perl syntax: `(?x`'],
    ['(?P<a>b)(?<a>c)', 'duplicate capture group name: `a`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['\\C', 'invalid escape sequence: `\\C`'],
    ['\\é', 'invalid escape sequence: `\\é`'],
    ['a\\', 'trailing backslash at end of expression: ``'],
    ['[z-a]', 'invalid character class range: `z-a`'],
    ['[a-\\x{41}]', 'invalid character class range: `a-\\x{41}`'],
    ['[a-\\d]', 'invalid character class range: `a-\\d`'],
    ['[\\b]', 'invalid escape sequence: `\\b`'],
    ['[\\y]', 'invalid escape sequence: `\\y`'],
    ['[[:nope:]]', 'invalid character class range: `[:nope:]`'],
    ['\\p{Nope}', 'invalid character class range: `\\p{Nope}`'],
  ])('is not %j', (pattern, problem) => {
    expect(regexProblem(pattern)).toBe(problem);
  });

  it('is judged as by a whole parser', () => {
    const pieces = fc.constantFrom(
      ...['a', 'é', '(', ')', '(?:', '(?P<n>', '(?<m>', '(?i)', '(?-s:', '(?', '[', '[^', ']', '-', 'z', '*', '+', '?', '|', ',', '1'],
      ...['{0}', '{2,}', '{1,3}', '{40}', '{500}', '{1001}', '{', '}', '\\d', '\\pL', '\\p{Greek}', '\\p{Nope}', '\\p{^Lu}'],
      ...['\\Q', '\\E', '\\', '\\b', '\\z', '\\Z', '\\C', '\\1', '\\12', '\\8', '\\x41', '\\x{41}', '\\-', '[:alpha:]', '[[:nope:]]'],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
        const pattern = parts.join('');
        expect([pattern, regexProblem(pattern) === undefined]).toEqual([pattern, isGoodForRe2js(pattern)]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('comes out of escaping any text', () => {
    const escaped = (text: string): string => text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
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

function isGoodForRe2js(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}
