import { describe, expect, it } from 'vitest';
import { renderer, sprigOnly } from '../rendering.fixture.ts';

const { output, failure } = renderer(sprigOnly);

// Expected texts are those of Go's text/template with sprig v3.3.
const outputs: readonly (readonly [string, string])[] = [
  ['{{ list 1 "a" nil | first }}', '1'],
  ['{{ first (list) }}', '<no value>'],
  ['{{ last (list 1 2) }}', '2'],
  ['{{ last (list) }}', '<no value>'],
  ['{{ rest (list 1) }}', '[]'],
  ['{{ rest (list) }}', '[]'],
  ['{{ initial (list 1 2 3) }}', '[1 2]'],
  ['{{ initial (list) }}', '[]'],
  ['{{ reverse (list 1 2 3) }}', '[3 2 1]'],
  ['{{ uniq (list 1 1.0 1 "1" (list 1) (list 1)) }}', '[1 1 1 [1]]'],
  ['{{ without (list 1 2 3 1) 1 2 }}', '[3]'],
  ['{{ has 1 (list 1 2) }}', 'true'],
  ['{{ has 1.0 (list 1) }}', 'false'],
  ['{{ has "a" nil }}', 'false'],
  ['{{ compact (list 0 1 "" "a" nil false (list) (dict)) }}', '[1 a]'],
  ['{{ slice (list 1 2 3 4) 1 3 }}', '[2 3]'],
  ['{{ slice (list 1 2 3) }}', '[1 2 3]'],
  ['{{ slice (list 1 2 3) 0 2 }}', '[1 2]'],
  ['{{ slice (list) }}', '<no value>'],
  ['{{ concat }}', '[]'],
  ['{{ append (list 1) 2 }}', '[1 2]'],
  ['{{ push (list) 1 }}', '[1]'],
  ['{{ prepend (list 1) 0 }}', '[0 1]'],
  ['{{ chunk 2 (list 1 2 3 4 5) }}', '[[1 2] [3 4] [5]]'],
  ['{{ chunk 3 (list) }}', '[]'],
  ['{{ tuple 1 2 }}', '[1 2]'],
  ['{{ list | len }}', '0'],
  ['{{ mustFirst (list 1) }}', '1'],
  ['{{ mustHas 1 (list 1) }}', 'true'],
  ['{{ mustUniq (list 1 1) }}', '[1]'],
  ['{{ mustAppend (list) 1 }}', '[1]'],
];

const failures: readonly (readonly [string, string])[] = [
  ['{{ first "abc" }}', 'error calling first: Cannot find first on type string'],
  ['{{ first nil }}', 'error calling first: runtime error: invalid memory address or nil pointer dereference'],
  ['{{ last 5 }}', 'error calling last: Cannot find last on type int'],
  ['{{ rest "x" }}', 'error calling rest: Cannot find rest on type string'],
  ['{{ initial "x" }}', 'error calling initial: Cannot find initial on type string'],
  ['{{ reverse "x" }}', 'error calling reverse: Cannot find reverse on type string'],
  ['{{ uniq "x" }}', 'error calling uniq: Cannot find uniq on type string'],
  ['{{ without "x" 1 }}', 'error calling without: Cannot find without on type string'],
  ['{{ has 1 "x" }}', 'error calling has: Cannot find has on type string'],
  ['{{ compact "x" }}', 'error calling compact: Cannot compact on type string'],
  ['{{ slice (list 1 2) 5 6 }}', 'error calling slice: reflect.Value.Slice: slice index out of bounds'],
  ['{{ slice (list 1 2) 2 1 }}', 'error calling slice: reflect.Value.Slice: slice index out of bounds'],
  ['{{ slice (list 1 2) -1 }}', 'error calling slice: reflect.Value.Slice: slice index out of bounds'],
  ['{{ slice (list 1 2) 0 5 }}', 'error calling slice: reflect.Value.Slice: slice index out of bounds'],
  ['{{ append "x" 1 }}', 'error calling append: Cannot push on type string'],
  ['{{ prepend "x" 1 }}', 'error calling prepend: Cannot prepend on type string'],
  ['{{ concat "x" }}', 'error calling concat: Cannot concat type string as list'],
  ['{{ concat nil }}', 'error calling concat: runtime error: invalid memory address or nil pointer dereference'],
  ['{{ push nil 1 }}', 'error calling push: runtime error: invalid memory address or nil pointer dereference'],
  ['{{ chunk 2 "x" }}', 'error calling chunk: Cannot chunk type string'],
  ['{{ chunk 0 (list 1) }}', 'error calling chunk: runtime error: makeslice: len out of range'],
];

describe('sprig list functions', () => {
  it.each(outputs)('give for %s what sprig gives', (template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each(failures)("fail for %s with sprig's message", (template, message) => {
    expect(failure(template)).toContain(message);
  });
});
