import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toKubeYaml } from './to-yaml.ts';
import { parseKubeYaml } from './yaml.ts';

describe('toKubeYaml', () => {
  it('sorts members, and does not indent list items under their key', () => {
    expect(toKubeYaml({ b: [1, { d: [], c: {} }], a: { x: null } })).toBe('a:\n  x: null\nb:\n- 1\n- c: {}\n  d: []\n');
    expect(toKubeYaml([[1, [2]], { a: [{ b: 1 }] }, []])).toBe('- - 1\n  - - 2\n- a:\n  - b: 1\n- []\n');
  });

  it('counts numbers inside of keys, and puts letters last', () => {
    const keys = ['x01', 'x1', 'a10', 'a2', 'b.1', 'b-1', 'a/b', 'B', '_', 'x100', 'x10', 'ab', 'a'];
    const lines = toKubeYaml(Object.fromEntries(keys.map((key) => [key, 1])));

    expect(lines.split('\n').map((line) => line.split(':')[0])).toEqual(
      ['_', 'B', 'a', 'a/b', 'a2', 'a10', 'ab', 'b-1', 'b.1', 'x1', 'x01', 'x10', 'x100', ''].map((key) => key),
    );
  });

  it.each([
    ['plain', 'plain'],
    ['a:b', 'a:b'],
    ['', '""'],
    ['true', '"true"'],
    ['y', '"y"'],
    ['null', '"null"'],
    ['~', '"~"'],
    ['5', '"5"'],
    ['0x1', '"0x1"'],
    ['1e3', '"1e3"'],
    ['1:30', '"1:30"'],
    ['2020-01-01', '"2020-01-01"'],
    ['2020-13-01', '2020-13-01'],
    ['2020-01-01T00:00:00Z', '"2020-01-01T00:00:00Z"'],
    ['<<', '"<<"'],
    ['a: b', "'a: b'"],
    ['a #b', "'a #b'"],
    ['x:', "'x:'"],
    ['- x', "'- x'"],
    ['-x', '-x'],
    ['-', "'-'"],
    ['? a', "'? a'"],
    ['@x', "'@x'"],
    ['{x', "'{x'"],
    ["it's", "it's"],
    ["'", "''''"],
    [' x', "' x'"],
    ['x ', "'x '"],
    ['---', "'---'"],
    ['\ttab', '"\\ttab"'],
    ['é', 'é'],
    ['\u{1f600}', '"\\U0001F600"'],
    ['\u200b\ufeff', '"\u200b\\uFEFF"'],
    ['bell\x07"\\\x01', '"bell\\a\\"\\\\\\x01"'],
    ['a\nb', '|-\n  a\n  b'],
    ['a\n\nb\n', '|\n  a\n\n  b'],
    ['a\n\n', '|+\n  a\n'],
    [' a\nb', '|2-\n   a\n  b'],
    ['\n', '|2+\n'],
    ['a \nb', '"a \\nb"'],
    ['a\r\nb', '"a\\r\\nb"'],
  ])('writes %j', (text, written) => {
    expect(toKubeYaml({ k: text })).toBe(`k: ${written}\n`);
  });

  it.each([
    [5, '5\n'],
    [-0, '0\n'],
    [1.5, '1.5\n'],
    [1234567, '1234567\n'],
    [1234567.5, '1.2345675e+06\n'],
    [1e-7, '1e-07\n'],
    [1e21, '1e+21\n'],
    [true, 'true\n'],
    [null, 'null\n'],
    [undefined, 'null\n'],
    ['s', 's\n'],
    [{}, '{}\n'],
  ])('writes %j at the top', (value, text) => {
    expect(toKubeYaml(value)).toBe(text);
  });

  it('breaks long lines at single blanks', () => {
    const words = 'word '.repeat(20).trim();
    const first = 'word '.repeat(16).trim();

    expect(toKubeYaml({ key: words })).toBe(`key: ${first}\n  ${'word '.repeat(4).trim()}\n`);
    expect(toKubeYaml({ key: `${words}:` })).toBe(`key: '${first}\n  ${'word '.repeat(4).trim()}:'\n`);
    expect(toKubeYaml({ key: 'x'.repeat(200) })).toBe(`key: ${'x'.repeat(200)}\n`);
    expect(toKubeYaml({ key: `\t${'word  '.repeat(14)}x` })).toBe(`key: "\\t${'word  '.repeat(12)}word\n  \\ word  x"\n`);
  });

  it('writes keys like texts, and long ones in the explicit form', () => {
    expect(toKubeYaml({ n: 1, 'a: b': 2 })).toBe('\'a: b\': 2\n"n": 1\n');
    expect(toKubeYaml({ ['k'.repeat(129)]: { a: 1 }, 'x\ny': 1 })).toBe(`? ${'k'.repeat(129)}\n: a: 1\n? |-\n  x\n  y\n: 1\n`);
  });

  it('leaves out what is undefined', () => {
    expect(toKubeYaml({ a: undefined, b: 1 })).toBe('b: 1\n');
  });

  it('writes what a reader reads again', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '#', '-', "'", '"', '\\', '\t', '1', 'y', '\u2028', '\u{1f600}') }),
      fc.string({ unit: fc.constantFrom('long', ' ', 'words'), minLength: 30 }),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.constantFrom<unknown>(null, true, 5, 1.25, {}, []),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 3 }),
      ),
    }));

    fc.assert(
      fc.property(value, (json) => {
        expect(parseKubeYaml(toKubeYaml(json))).toEqual({ ok: true, value: json });
      }),
      { numRuns: 300 },
    );
  });
});
