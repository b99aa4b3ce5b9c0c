import { errorIf, type Findings } from '../../lib/finding.ts';
import { enumeration, type InferMessage, message, oneof, string, uint32 } from '../../lib/message.ts';
import { portProblem } from '../../lib/port.ts';
import type { HttpMatch } from './virtual-service-match.ts';

const name = 'istio.networking.v1alpha3.HTTPRedirect';

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRedirect */
export const httpRedirect = message(name, {
  uri: string,
  authority: string,
  ...oneof('RedirectPort', {
    port: uint32,
    derivePort: enumeration(`${name}.RedirectPortSelection`, ['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']),
  }),
  scheme: string,
  /** @default 301 */
  redirectCode: uint32,
  prefixRewrite: string,
});
export type HttpRedirect = InferMessage<typeof httpRedirect>;

/** @param matches of the route, whose prefixes `prefixRewrite` replaces. */
export function* checkRedirect(redirect: HttpRedirect, matches: readonly HttpMatch[]): Findings {
  yield* errorIf('redirect', '', redirectProblem(redirect, matches));
}

/** The first problem: the later ones need not be true when it is solved. */
function redirectProblem(redirect: HttpRedirect, matches: readonly HttpMatch[]): string | undefined {
  const { uri, prefixRewrite, scheme, redirectCode = 0, port = 0 } = redirect;
  if (uri && prefixRewrite) return 'redirect may only contain one of URI or prefix_rewrite';
  if (prefixRewrite && matches.some((match) => match.uri && match.uri.prefix === undefined)) {
    return 'redirect prefix_rewrite requires all URI matches to use prefix match type';
  }
  const hasPort = redirect.port !== undefined || redirect.derivePort !== undefined;
  if (!uri && !prefixRewrite && !redirect.authority && !hasPort && !scheme) return 'redirect must specify URI, authority, scheme, or port';
  if (redirectCode !== 0 && (redirectCode < 300 || redirectCode > 399)) return `${redirectCode} is not a valid redirect code, must be 3xx`;
  if (scheme && scheme !== 'http' && scheme !== 'https') return 'invalid redirect scheme, must be "http" or "https"';
  return port > 0 ? portProblem(port) : undefined;
}
