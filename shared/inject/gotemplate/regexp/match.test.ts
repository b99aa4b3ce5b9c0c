import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegexp } from './match.ts';
import { findAll } from './search.ts';

const meter = { spend: () => undefined };

// Only syntax that means the same in JavaScript. Repeated groups are left out: JavaScript forgets their captures.
const atom = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '(?:ab)', '\\b', '^', '$');
const piece = fc
  .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '??', '{1,2}', '{2}'))
  .map(([one, times]) => (/^(?:\\b|\^|\$)$/.test(one) ? one : one + times));
const sequence = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
const pattern = fc
  .array(
    fc.oneof(
      sequence,
      sequence.map((inner) => `(${inner})`),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join('|'));

describe('regular expressions', () => {
  it('match where a backtracking matcher does', () => {
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 12 }), (source, text) => {
        const expected = Array.from(text.matchAll(new RegExp(source, 'g')), (match) => [match.index, match.index + match[0].length]);
        const found = findAll(compileRegexp(source, meter), text, -1).map(([start, end]) => [start, end]);

        // Go does not report an empty match right behind another one.
        expect(found).toEqual(expected.filter(([start, end], at) => start !== end || expected[at - 1]?.[1] !== start));
      }),
      { numRuns: 1500 },
    );
  });

  it('take linear time where backtracking does not end', () => {
    let steps = 0;
    const counting = {
      spend: (amount: number) => {
        steps += amount;
      },
    };

    expect(compileRegexp('(a*)*(a|aa)+$', counting).exec(`${'a'.repeat(5000)}b`, 0)).toBeUndefined();
    expect(steps).toBeLessThan(2_000_000);
  });

  it.each(['(', 'a)', '[', '[b-a]', 'a**', '*', '\\8', '(?=a)', '(?<!a)', 'a{1001}', '\\pX', '(?P<n', '(?z)', '\\', '(?P<a>x)(?P<a>y)'])(
    '%s is refused',
    (source) => {
      expect(() => compileRegexp(source, meter)).toThrow('error parsing regexp: ');
    },
  );
});
