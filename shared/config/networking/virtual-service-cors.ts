import { parseDuration } from '../../lib/duration.ts';
import { each, error, errorIf, type Findings } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { corsHeaderNameProblem } from '../../lib/header-name.ts';
import { boolValue, duration, enumeration, type InferMessage, list, message, string } from '../../lib/message.ts';
import { checkDuration } from '../duration-field.ts';
import { checkRegexMatch, type StringMatch, stringMatch } from './virtual-service-string-match.ts';

const name = 'istio.networking.v1alpha3.CorsPolicy';

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy */
export const corsPolicy = message(name, {
  /** Deprecated: exact origins. */
  allowOrigin: list(string),
  allowOrigins: list(stringMatch),
  allowMethods: list(string),
  allowHeaders: list(string),
  exposeHeaders: list(string),
  maxAge: duration,
  allowCredentials: boolValue,
  unmatchedPreflights: enumeration(`${name}.UnmatchedPreflights`, ['UNSPECIFIED', 'FORWARD', 'IGNORE']),
});
export type CorsPolicy = InferMessage<typeof corsPolicy>;

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];
const second = 1_000_000_000n;

export function* checkCors(policy: CorsPolicy): Findings {
  yield* each('allowOrigins', policy.allowOrigins, checkOrigin);
  for (const [index, method] of (policy.allowMethods ?? []).entries()) {
    if (!methods.includes(method)) yield error('cors-method', `allowMethods[${index}]`, `${quoted(method)} is not a supported HTTP method`);
  }
  yield* checkNames('allowHeaders', policy.allowHeaders);
  yield* checkNames('exposeHeaders', policy.exposeHeaders);
  yield* checkDuration('maxAge', policy.maxAge);
  if ((parseDuration(policy.maxAge ?? '0s') ?? 0n) % second > 0n) {
    yield { ...error('cors-max-age', 'maxAge', 'max_age duration is accurate only to seconds precision'), isCounted: true };
  }
}

function* checkOrigin(origin: StringMatch): Findings {
  if (origin.exact || origin.prefix || origin.regex) yield* checkRegexMatch('', origin, 'corsPolicy.allowOrigins');
  else yield error('cors-origin', '', "'' is not a valid match type for CORS allow origins");
}

function* checkNames(field: string, names: readonly string[] = []): Findings {
  for (const [index, name] of names.entries()) yield* errorIf('header-name', `${field}[${index}]`, corsHeaderNameProblem(name));
}
