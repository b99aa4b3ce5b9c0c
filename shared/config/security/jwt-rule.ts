/** How tokens of one issuer are found and checked. Fields in the order of the .proto file. */

import { durationProblem } from '../../lib/duration-problem.ts';
import { at, each, error, errorIf, type Findings } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { bool, duration, enumeration, type InferMessage, list, message, string } from '../../lib/message.ts';
import { parseUrl } from '../../lib/url.ts';
import { checkJwks } from './jwks.ts';

const name = 'istio.security.v1beta1';

const jwtHeader = message(`${name}.JWTHeader`, { name: string, prefix: string });
const claimToHeader = message(`${name}.ClaimToHeader`, { header: string, claim: string });
type ClaimToHeader = InferMessage<typeof claimToHeader>;

/** @see https://istio.io/latest/docs/reference/config/security/jwt/#JWTRule */
export const jwtRule = message(`${name}.JWTRule`, {
  issuer: string,
  audiences: list(string),
  jwksUri: string,
  /** The keys themselves. */
  jwks: string,
  /** @default the Authorization header, Bearer */
  fromHeaders: list(jwtHeader),
  fromParams: list(string),
  outputPayloadToHeader: string,
  forwardOriginalToken: bool,
  outputClaimToHeaders: list(claimToHeader),
  fromCookies: list(string),
  /** Of fetching the keys. @default 5s */
  timeout: duration,
  spaceDelimitedClaims: list(string),
  presence: enumeration(`${name}.JWTRule.JWTRequirement`, ['OPTIONAL', 'REQUIRED']),
});
export type JwtRule = InferMessage<typeof jwtRule>;

/** Paths from the rule. */
export function* checkJwtRule(rule: JwtRule): Findings {
  const { issuer = '', jwksUri = '', jwks = '' } = rule;
  if (issuer === '' && jwksUri === '') yield error('jwt-issuer', 'issuer', 'issuer or jwksUri must be non-empty string');
  yield* each('audiences', rule.audiences, (audience) => nonEmpty(audience, 'audience'));
  if (jwksUri !== '') yield* at('jwksUri', checkUri(jwksUri));
  if (jwks !== '') yield* at('jwks', checkJwks(jwks));
  yield* each('fromHeaders', rule.fromHeaders, ({ name: header = '' }) => at('name', nonEmpty(header, 'location header name')));
  yield* each('fromParams', rule.fromParams, (param) => nonEmpty(param, 'location query'));
  yield* each('fromCookies', rule.fromCookies, (cookie) => nonEmpty(cookie, 'cookie name'));
  yield* each('outputClaimToHeaders', rule.outputClaimToHeaders, checkClaimToHeader);
  yield* errorIf('jwt-timeout', 'timeout', durationProblem(rule.timeout));
}

function* nonEmpty(text: string, what: string): Findings {
  if (text === '') yield error('jwt-empty', '', `${what} must be non-empty string`);
}

function* checkUri(text: string): Findings {
  const url = parseUrl(text);
  if (!url.ok) yield error('jwt-uri', '', `parse ${quoted(text)}: ${url.error}`);
  else if (url.value.scheme !== 'http' && url.value.scheme !== 'https') {
    yield error('jwt-uri', '', `URI scheme ${quoted(url.value.scheme)} is not supported`);
  }
}

const headerName = /^[-_A-Za-z0-9]+$/;

function* checkClaimToHeader({ header = '', claim = '' }: ClaimToHeader): Findings {
  if (header === '' || claim === '') {
    yield error('jwt-claim-to-header', '', 'outputClaimToHeaders header and claim value must be non-empty string');
  }
  // The same as for other headers would be too lenient: Envoy writes this one.
  if (header !== '' && !headerName.test(header))
    yield error('jwt-claim-to-header', 'header', `header name ${header} is not a valid header name`);
}
