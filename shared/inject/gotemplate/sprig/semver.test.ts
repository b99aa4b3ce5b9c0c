import { describe, expect, it } from 'vitest';
import { renderer, sprigOnly } from '../rendering.fixture.ts';

const { output, failure } = renderer(sprigOnly);

// Expected texts are those of Go's text/template with sprig v3.3.
const outputs: readonly (readonly [string, string])[] = [
  ['{{ semverCompare "^1.2.0" "1.3.0" }}', 'true'],
  ['{{ semverCompare "~1.2" "1.2.9" }}', 'true'],
  ['{{ semverCompare "1.2.x" "1.2.3" }}', 'true'],
  ['{{ semverCompare ">=1.2 <2.0 || 3.x" "3.4.5" }}', 'true'],
  ['{{ semverCompare "!=1.0" "1.0.1" }}', 'false'],
  ['{{ semverCompare "1.2 - 1.4" "1.4.9" }}', 'true'],
  ['{{ semverCompare "*" "1.2.3" }}', 'true'],
  ['{{ semverCompare "^0.2.3" "0.2.9" }}', 'true'],
  ['{{ semverCompare "^0.0.3" "0.0.4" }}', 'false'],
  ['{{ semverCompare "^0" "0.9.9" }}', 'true'],
  ['{{ semverCompare ">1.0" "1.0.5" }}', 'false'],
  ['{{ semverCompare ">1" "1.5.0" }}', 'false'],
  ['{{ semverCompare "<=1.2" "1.2.9" }}', 'true'],
  ['{{ semverCompare "<1.2" "1.1.9" }}', 'true'],
  ['{{ semverCompare ">=1.0.0-0" "1.0.0-alpha" }}', 'true'],
  ['{{ semverCompare ">=1.0.0" "1.1.0-alpha" }}', 'false'],
  ['{{ semverCompare "1.2.3" "v1.2.3" }}', 'true'],
  ['{{ semverCompare "=1.2.3" "1.2.3+meta" }}', 'true'],
  ['{{ semverCompare "~1" "1.9.0" }}', 'true'],
  ['{{ semverCompare "~>1.2" "1.2.5" }}', 'true'],
  ['{{ semverCompare "^1.x" "1.9" }}', 'true'],
  ['{{ semverCompare ">= 1.2, < 1.5" "1.4" }}', 'true'],
  ['{{ semverCompare "~1.2.3" "1.2.2" }}', 'false'],
  ['{{ semverCompare "=>1.2" "1.3.0" }}', 'true'],
  ['{{ semverCompare "=<1.2" "1.1.0" }}', 'true'],
  ['{{ semverCompare "<1.0.0-beta" "1.0.0-alpha" }}', 'true'],
  ['{{ semverCompare "!=1.x" "1.5.0" }}', 'false'],
  ['{{ semver "1.2" }}', '1.2.0'],
  ['{{ semver "1" }}', '1.0.0'],
  ['{{ semver "01.2.3" }}', '1.2.3'],
  ['{{ semverCompare "^1.2.0" "2.0.0" }}', 'false'],
  ['{{ semverCompare ">1.2.3-alpha" "1.2.3-beta" }}', 'true'],
  ['{{ semverCompare "1.x" "2.0.0" }}', 'false'],
  ['{{ semverCompare "<2" "2.0.0" }}', 'false'],
];

const failures: readonly (readonly [string, string])[] = [
  ['{{ semverCompare "" "1.0.0" }}', 'error calling semverCompare: improper constraint: '],
  ['{{ semverCompare "foo" "1.0.0" }}', 'error calling semverCompare: improper constraint: foo'],
  ['{{ semverCompare ">1.0" "foo" }}', 'error calling semverCompare: Invalid Semantic Version'],
  ['{{ semver "bad" }}', 'error calling semver: Invalid Semantic Version'],
];

describe('sprig semver functions', () => {
  it.each(outputs)('give for %s what sprig gives', (template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each(failures)("fail for %s with sprig's message", (template, message) => {
    expect(failure(template)).toContain(message);
  });
});
