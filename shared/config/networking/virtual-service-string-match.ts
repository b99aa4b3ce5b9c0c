import { error, type Findings } from '../../lib/finding.ts';
import { type InferMessage, message, oneof, string } from '../../lib/message.ts';
import { regexProblem } from '../../lib/re2.ts';

/**
 * How a text must look. In maps of headers and query parameters an empty one asks only that the name is there.
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch
 */
export const stringMatch = message('istio.networking.v1alpha3.StringMatch', {
  ...oneof('MatchType', { exact: string, prefix: string, regex: string }),
});
export type StringMatch = InferMessage<typeof stringMatch>;

/** @param where the field, as messages call it. */
export function* checkStringMatch(path: string, match: StringMatch | undefined, where: string): Findings {
  if (match?.prefix === '') yield error('match-prefix', path, `"${where}": prefix string match should not be empty`);
  yield* checkRegexMatch(path, match, where);
}

/** Of the ways to match only the expression can be wrong. */
export function* checkRegexMatch(path: string, match: StringMatch | undefined, where: string): Findings {
  if (match?.regex === '') yield error('match-regex', path, `"${where}": regex string match should not be empty`);
  else if (match?.regex !== undefined) yield* checkRegex(path, match.regex, where);
}

/** Envoy's own limit counts instructions, which are never fewer than characters. */
const maxRegexLength = 1024;

export function* checkRegex(path: string, regex: string, where: string): Findings {
  if (Buffer.byteLength(regex) > maxRegexLength) {
    yield error('regex-length', path, `"${where}": regex is too large, max length allowed is ${maxRegexLength}`);
    return;
  }
  const problem = regexProblem(regex);
  if (problem === undefined) return;
  const hint = 'Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)';
  yield error('regex', path, `"${where}": error parsing regexp: ${problem}; ${hint}`);
}
