import { describe, expect, it } from 'vitest';
import { renderer, sprigOnly } from '../rendering.fixture.ts';

const { output } = renderer(sprigOnly);

// Expected texts are those of Go's text/template with sprig v3.3.
const outputs: readonly (readonly [string, string])[] = [
  ['{{ base "/a/b.txt" }}', 'b.txt'],
  ['{{ base "" }}', '.'],
  ['{{ base "/" }}', '/'],
  ['{{ base "a/" }}', 'a'],
  ['{{ dir "/a/b" }}', '/a'],
  ['{{ dir "a" }}', '.'],
  ['{{ dir "/" }}', '/'],
  ['{{ dir "" }}', '.'],
  ['{{ dir "a/b/" }}', 'a/b'],
  ['{{ clean "/a/../b//c/." }}', '/b/c'],
  ['{{ clean "" }}', '.'],
  ['{{ clean "../a/../.." }}', '../..'],
  ['{{ clean "/.." }}', '/'],
  ['{{ ext "a.tar.gz" }}', '.gz'],
  ['{{ ext "a" }}', ''],
  ['{{ ext ".x" }}', '.x'],
  ['{{ ext "a.b/c" }}', ''],
  ['{{ isAbs "/a" }}', 'true'],
  ['{{ isAbs "a" }}', 'false'],
  ['{{ osBase "/a/b" }}', 'b'],
  ['{{ osDir "/a/b" }}', '/a'],
  ['{{ osClean "a//b" }}', 'a/b'],
  ['{{ osExt "x.y" }}', '.y'],
  ['{{ osIsAbs "/" }}', 'true'],
];

describe('sprig path functions', () => {
  it.each(outputs)('give for %s what sprig gives', (template, expected) => {
    expect(output(template)).toBe(expected);
  });
});
