import { describe, expect, it } from 'vitest';
import { renderer, sprigOnly } from '../rendering.fixture.ts';

const { output, failure } = renderer(sprigOnly);

// Expected texts are those of Go's text/template with sprig v3.3.
const outputs: readonly (readonly [string, string])[] = [
  ['{{ ternary 1 2 true }}', '1'],
  ['{{ ternary 1 2 false }}', '2'],
  ['{{ true | ternary "a" "b" }}', 'a'],
  ['{{ coalesce nil 0 "" "x" }}', 'x'],
  ['{{ coalesce }}', '<no value>'],
  ['{{ all 1 "a" }}', 'true'],
  ['{{ all 1 0 }}', 'false'],
  ['{{ all }}', 'true'],
  ['{{ any 0 "" }}', 'false'],
  ['{{ any 0 1 }}', 'true'],
  ['{{ any }}', 'false'],
  ['{{ empty 0 }}', 'true'],
  ['{{ empty (dict) }}', 'true'],
  ['{{ empty nil }}', 'true'],
  ['{{ default 1 }}', '1'],
  ['{{ default 1 nil }}', '1'],
  ['{{ default 1 2 3 }}', '2'],
  ['{{ default "d" .Values.nope }}', 'd'],
  ['{{ typeOf 1 }}', 'int'],
  ['{{ typeOf nil }}', '<nil>'],
  ['{{ typeOf (list) }}', '[]interface {}'],
  ['{{ typeOf (dict) }}', 'map[string]interface {}'],
  ['{{ typeOf 1.5 }}', 'float64'],
  ['{{ kindOf (list) }}', 'slice'],
  ['{{ kindOf (dict) }}', 'map'],
  ['{{ kindOf nil }}', 'invalid'],
  ['{{ kindIs "int" 1 }}', 'true'],
  ['{{ typeIs "int" 1 }}', 'true'],
  ['{{ typeOf (add 1 2) }}', 'int64'],
  ['{{ typeOf (int64 1) }}', 'int64'],
  ['{{ deepEqual (list 1 "a") (list 1 "a") }}', 'true'],
  ['{{ deepEqual 1 1.0 }}', 'false'],
  ['{{ deepEqual (dict "a" (list 1)) (dict "a" (list 1)) }}', 'true'],
  ['{{ deepEqual nil nil }}', 'true'],
  ['{{ deepEqual "a" "a" }}', 'true'],
  ['{{ kindOf now }}', 'struct'],
  ['{{ typeOf now }}', 'time.Time'],
];

const failures: readonly (readonly [string, string])[] = [
  ['{{ fail "x" }}', 'error calling fail: x'],
  ['{{ fail "100%" }}', 'error calling fail: 100%'],
  ['{{ ternary 1 2 "x" }}', 'expected bool; found "x"'],
  ['{{ ternary 1 2 1 }}', 'expected bool; found 1'],
];

describe('sprig logic functions', () => {
  it.each(outputs)('give for %s what sprig gives', (template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each(failures)("fail for %s with sprig's message", (template, message) => {
    expect(failure(template)).toContain(message);
  });
});
