/**
 * Routing by claims of a token: header matches with names of their own look at what `envoy.filters.http.jwt_authn` left in the request's metadata.
 * @see https://istio.io/latest/docs/tasks/security/authentication/jwt-route/
 */

import type { StringMatch } from '../../config/networking/virtual-service-string-match.ts';
import type { MetadataMatcherSchema } from '../../gen/envoy/type/matcher/v3/metadata_pb.js';
import type { ValueMatcherSchema } from '../../gen/envoy/type/matcher/v3/value_pb.js';
import type { Init } from '../init.ts';
import { stringMatcher } from './string-matcher.ts';

type MetadataMatcher = Init<typeof MetadataMatcherSchema>;
type ValueMatcher = Init<typeof ValueMatcherSchema>;

/** A claim may be one text or a list that holds it. */
export function claimMatcher(path: readonly string[], match: StringMatch, sense: 'with' | 'without'): MetadataMatcher {
  return {
    filter: 'envoy.filters.http.jwt_authn',
    path: ['payload', ...path].map((key) => ({ segment: { case: 'key', value: key } })),
    value: claimValue(match),
    invert: sense === 'without',
  };
}

function claimValue(match: StringMatch): ValueMatcher {
  const text = stringMatcher(match);
  if (!text) return { matchPattern: { case: 'presentMatch', value: true } };
  const one: ValueMatcher = { matchPattern: { case: 'stringMatch', value: text } };
  const inList: ValueMatcher = { matchPattern: { case: 'listMatch', value: { matchPattern: { case: 'oneOf', value: one } } } };
  return { matchPattern: { case: 'orMatch', value: { valueMatchers: [inList, one] } } };
}
