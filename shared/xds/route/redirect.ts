import type { HttpRedirect } from '../../config/networking/virtual-service-redirect.ts';
import {
  type RedirectActionSchema,
  RedirectAction_RedirectResponseCode as ResponseCode,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { Init } from '../init.ts';
import type { RouteClient } from './applies-to.ts';

type RedirectAction = Init<typeof RedirectActionSchema>;
/** The port is what `derivePort: FROM_REQUEST_PORT` stands for: Envoy cannot tell it. */
type Listened = Pick<RouteClient, 'listenPort' | 'endsTls'>;

/**
 * Sends the client elsewhere. A port that the scheme has anyway is not told.
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRedirect
 */
export function redirectAction(redirect: HttpRedirect, { listenPort, endsTls }: Listened): Result<RedirectAction> {
  const { uri = '', prefixRewrite = '', authority = '', scheme = '', redirectCode = 0 } = redirect;
  const responseCode = responseCodes.get(redirectCode);
  if (responseCode === undefined) return fail(`Envoy cannot redirect with status ${redirectCode}: take 301, 302, 303, 307 or 308`);
  const port = redirectPort(redirect, listenPort);
  const ownScheme = endsTls ? 'https' : 'http';
  return ok({
    ...(scheme !== '' && { schemeRewriteSpecifier: { case: 'schemeRedirect', value: scheme } }),
    hostRedirect: authority,
    portRedirect: port === defaultPorts.get(scheme || ownScheme) ? 0 : port,
    pathRewriteSpecifier: prefixRewrite === '' ? { case: 'pathRedirect', value: uri } : { case: 'prefixRewrite', value: prefixRewrite },
    responseCode,
  });
}

/** 0 leaves the choice to Envoy, which takes the scheme's. */
function redirectPort({ port, derivePort }: HttpRedirect, listenPort: number): number {
  return derivePort === 'FROM_REQUEST_PORT' ? listenPort : (port ?? 0);
}

const defaultPorts: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
]);

const responseCodes: ReadonlyMap<number, ResponseCode> = new Map([
  [0, ResponseCode.MOVED_PERMANENTLY],
  [301, ResponseCode.MOVED_PERMANENTLY],
  [302, ResponseCode.FOUND],
  [303, ResponseCode.SEE_OTHER],
  [307, ResponseCode.TEMPORARY_REDIRECT],
  [308, ResponseCode.PERMANENT_REDIRECT],
]);
