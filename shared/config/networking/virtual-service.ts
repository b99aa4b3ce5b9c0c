/** `VirtualService`: how requests to a host are routed. Fields in the order of the .proto file; every field of `networking.istio.io/v1`. */

import { duration, type InferMessage, list, message, string, uint32Value } from '../../lib/message.ts';
import { corsPolicy } from './virtual-service-cors.ts';
import { destination, httpRouteDestination, routeDestination } from './virtual-service-destination.ts';
import { httpDirectResponse } from './virtual-service-direct-response.ts';
import { httpFault } from './virtual-service-fault.ts';
import { httpHeaders } from './virtual-service-headers.ts';
import { httpMatch, l4Match, tlsMatch } from './virtual-service-match.ts';
import { httpMirror } from './virtual-service-mirror.ts';
import { percent } from './virtual-service-percent.ts';
import { httpRedirect } from './virtual-service-redirect.ts';
import { httpRetry } from './virtual-service-retry.ts';
import { httpRewrite } from './virtual-service-rewrite.ts';

const networking = 'istio.networking.v1alpha3';

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute */
const httpRoute = message(`${networking}.HTTPRoute`, {
  name: string,
  /** One of them must hold; none at all is every request. */
  match: list(httpMatch),
  route: list(httpRouteDestination),
  redirect: httpRedirect,
  directResponse: httpDirectResponse,
  delegate: message(`${networking}.Delegate`, { name: string, namespace: string }),
  rewrite: httpRewrite,
  /** @default none */
  timeout: duration,
  retries: httpRetry,
  fault: httpFault,
  mirror: destination,
  mirrors: list(httpMirror),
  /** Deprecated: whole percents. */
  mirrorPercent: uint32Value,
  mirrorPercentage: percent,
  corsPolicy,
  headers: httpHeaders,
});
export type HttpRoute = InferMessage<typeof httpRoute>;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSRoute */
const tlsRoute = message(`${networking}.TLSRoute`, { match: list(tlsMatch), route: list(routeDestination) });
export type TlsRoute = InferMessage<typeof tlsRoute>;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TCPRoute */
const tcpRoute = message(`${networking}.TCPRoute`, { match: list(l4Match), route: list(routeDestination) });
export type TcpRoute = InferMessage<typeof tcpRoute>;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService */
export const virtualService = message(`${networking}.VirtualService`, {
  /** None: a delegate, that only other VirtualServices refer to. */
  hosts: list(string),
  /** `NAMESPACE/NAME`, a name of the own namespace, or `mesh` for sidecars. @default mesh */
  gateways: list(string),
  http: list(httpRoute),
  tls: list(tlsRoute),
  tcp: list(tcpRoute),
  exportTo: list(string),
});
export type VirtualService = InferMessage<typeof virtualService>;
