import { create } from '@bufbuild/protobuf';
import type { CorsPolicy } from '../../config/networking/virtual-service-cors.ts';
import { CorsPolicySchema, type CorsPolicy as EnvoyCorsPolicy } from '../../gen/envoy/extensions/filters/http/cors/v3/cors_pb.js';
import { parseDuration } from '../../lib/duration.ts';
import type { Init } from '../init.ts';
import { wholePercent } from './percent.ts';
import { stringMatcher } from './string-matcher.ts';

/** What browsers are told about calls from other origins. @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy */
export function corsConfig(policy: CorsPolicy): EnvoyCorsPolicy {
  const { allowMethods = [], allowHeaders = [], exposeHeaders = [], maxAge, allowCredentials, unmatchedPreflights } = policy;
  return create(CorsPolicySchema, {
    allowOriginStringMatch: origins(policy),
    allowMethods: allowMethods.join(','),
    allowHeaders: allowHeaders.join(','),
    exposeHeaders: exposeHeaders.join(','),
    ...(maxAge !== undefined && { maxAge: wholeSeconds(maxAge) }),
    ...(allowCredentials !== undefined && { allowCredentials }),
    filterEnabled: { defaultValue: wholePercent(100) },
    forwardNotMatchingPreflights: unmatchedPreflights !== 'IGNORE',
  });
}

function origins({
  allowOrigins = [],
  allowOrigin = [],
}: CorsPolicy): NonNullable<Init<typeof CorsPolicySchema>['allowOriginStringMatch']> {
  const matches = allowOrigins.length > 0 ? allowOrigins : allowOrigin.map((exact) => ({ exact }));
  return matches.flatMap((match) => stringMatcher(match) ?? []);
}

function wholeSeconds(duration: string): string {
  return String((parseDuration(duration) ?? 0n) / 1_000_000_000n);
}
