import { describe, expect, it } from 'vitest';
import { renderer, sprigOnly } from '../rendering.fixture.ts';

const { output, failure } = renderer(sprigOnly);

// Expected texts are those of Go's text/template with sprig v3.3.
const outputs: readonly (readonly [string, string])[] = [
  ['{{ dict "a" 1 "b" }}', 'map[a:1 b:]'],
  ['{{ dict 1 2 nil 3 }}', 'map[1:2 <nil>:3]'],
  ['{{ dict }}', 'map[]'],
  ['{{ get (dict "a" 1) "b" }}', ''],
  ['{{ get (dict "a" nil) "a" }}', '<no value>'],
  ['{{ set (dict "a" 1) "b" 2 }}', 'map[a:1 b:2]'],
  ['{{ unset (dict "a" 1 "b" 2) "a" }}', 'map[b:2]'],
  ['{{ hasKey (dict "a" nil) "a" }}', 'true'],
  ['{{ pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3) }}', '[1 3]'],
  ['{{ keys (dict "a" 1) }}', '[a]'],
  ['{{ keys }}', '[]'],
  ['{{ values (dict "a" 1) }}', '[1]'],
  ['{{ pick (dict "a" 1 "b" 2) "b" "z" }}', 'map[b:2]'],
  ['{{ omit (dict "a" 1 "b" 2) "b" "z" }}', 'map[a:1]'],
  ['{{ dig "a" "b" "def" (dict "a" (dict "b" 5)) }}', '5'],
  ['{{ dig "a" "x" "def" (dict "a" (dict "b" 5)) }}', 'def'],
  ['{{ dig "z" "x" "def" (dict) }}', 'def'],
  ['{{ dig "a" nil (dict "a" nil) }}', '<no value>'],
  ['{{ merge (dict "a" 1 "n" (dict "x" 1)) (dict "a" 2 "b" 3 "n" (dict "x" 2 "y" 3)) }}', 'map[a:1 b:3 n:map[x:1 y:3]]'],
  ['{{ mergeOverwrite (dict "a" 1 "n" (dict "x" 1)) (dict "a" 2 "b" 3 "n" (dict "x" 2 "y" 3)) }}', 'map[a:2 b:3 n:map[x:2 y:3]]'],
  [
    '{{ merge (dict "a" 0 "b" "" "c" false "d" nil "e" (list)) (dict "a" 1 "b" "x" "c" true "d" 5 "e" (list 1)) }}',
    'map[a:1 b:x c:true d:5 e:[1]]',
  ],
  ['{{ mergeOverwrite (dict "a" 1 "b" "x" "l" (list 1)) (dict "a" 0 "b" "" "l" (list 2 3)) }}', 'map[a:0 b: l:[2 3]]'],
  ['{{ merge (dict) (dict "a" 1) (dict "a" 2 "b" 2) }}', 'map[a:1 b:2]'],
  ['{{ mergeOverwrite (dict "a" (dict "b" 1)) (dict "a" 5) }}', 'map[a:5]'],
  ['{{ mergeOverwrite (dict "a" 5) (dict "a" (dict "b" 1)) }}', 'map[a:map[b:1]]'],
  ['{{ merge (dict "a" 5) (dict "a" (dict "b" 1)) }}', 'map[a:5]'],
  ['{{ mergeOverwrite (dict "a" (dict "b" 1)) (dict "a" nil) }}', 'map[a:<nil>]'],
  ['{{ mergeOverwrite (dict "a" (dict "b" 1)) (dict "a" (dict)) }}', 'map[a:map[b:1]]'],
  ['{{ mergeOverwrite (dict "a" 1) (dict "a" false) }}', 'map[a:false]'],
  ['{{ merge (dict "a" (dict)) (dict "a" (dict "b" 1)) }}', 'map[a:map[b:1]]'],
  ['{{ mergeOverwrite (dict "a" (list 1)) (dict "a" (list)) }}', 'map[a:[]]'],
  ['{{ mustMerge (dict) (dict "a" 1) }}', 'map[a:1]'],
  ['{{ hasKey nil "a" }}', 'false'],
];

const failures: readonly (readonly [string, string])[] = [
  ['{{ dig "a" "b" "def" (dict "a" 1) }}', 'error calling dig: interface conversion: interface {} is int, not map[string]interface {}'],
  ['{{ dig "a" "b" }}', 'error calling dig: dig needs at least three arguments'],
  ['{{ dig "a"  "def" "notdict" }}', 'error calling dig: interface conversion: interface {} is string, not map[string]interface {}'],
  ['{{ dig 1 "def" (dict) }}', 'error calling dig: interface conversion: interface {} is int, not string'],
  ['{{ get "x" "y" }}', 'can\'t handle "x" for arg of type map[string]interface {}'],
  ['{{ keys 1 }}', "can't handle 1 for arg of type map[string]interface {}"],
  ['{{ keys .Values.s }}', 'wrong type for value; expected map[string]interface {}; got string'],
  ['{{ set (dict) 1 2 }}', 'expected string; found 1'],
];

describe('sprig map functions', () => {
  it.each(outputs)('give for %s what sprig gives', (template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each(failures)("fail for %s with sprig's message", (template, message) => {
    expect(failure(template)).toContain(message);
  });
});
