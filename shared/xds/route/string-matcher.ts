import type { StringMatch } from '../../config/networking/virtual-service-string-match.ts';
import type { StringMatcherSchema } from '../../gen/envoy/type/matcher/v3/string_pb.js';
import type { Init } from '../init.ts';

type StringMatcher = Init<typeof StringMatcherSchema>;

/** Envoy's form of a text match; nothing for one that any text satisfies: an empty one, and the regex `*`, which Istio reads so. */
export function stringMatcher({ exact, prefix, regex }: StringMatch): StringMatcher | undefined {
  if (exact !== undefined) return { matchPattern: { case: 'exact', value: exact } };
  if (prefix !== undefined) return { matchPattern: { case: 'prefix', value: prefix } };
  if (regex === undefined || regex === '*') return undefined;
  return { matchPattern: { case: 'safeRegex', value: { regex } } };
}
