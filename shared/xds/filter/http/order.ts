import type { DnsCacheConfig } from '../../../gen/envoy/extensions/common/dynamic_forward_proxy/v3/dns_cache_pb.js';
import type { HttpFilter } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import type { Direction } from '../../direction.ts';
import { alpn } from './alpn.ts';
import { cors } from './cors.ts';
import { dynamicForwardProxy } from './dynamic-forward-proxy.ts';
import { fault } from './fault.ts';
import { grpcStats } from './grpc-stats.ts';
import { grpcWeb } from './grpc-web.ts';
import { metadataExchange } from './metadata-exchange.ts';
import { router } from './router.ts';
import { stats } from './stats.ts';

/** What decides which HTTP filters a chain has. */
export interface HttpFilterChoice {
  readonly direction: Direction;
  readonly isGrpcWeb: boolean;
  /** Whether the Envoy has Istio's own filters. */
  readonly hasIstioExtensions: boolean;
  readonly reportsMetrics: boolean;
  /** Peers outside of the mesh are not told who we are. */
  readonly isMetadataInMeshOnly: boolean;
  readonly hidesEnvoyHeaders: boolean;
  /** Of the `DYNAMIC_DNS` host that the chain is for. */
  readonly dnsCache?: DnsCacheConfig;
}

interface Rank {
  readonly why: string;
  readonly filter: (choice: HttpFilterChoice) => HttpFilter | undefined;
}

/**
 * The order of HTTP filters: one list for both directions, a rank for each filter that applies. Ranks that policies will take are marked with the
 * kind that fills them.
 */
const order: readonly Rank[] = [
  {
    why: 'all that follow may ask who the peer is, and a refusal is reported with it',
    filter: ({ direction, hasIstioExtensions, isMetadataInMeshOnly }) =>
      hasIstioExtensions ? metadataExchange(direction, isMetadataInMeshOnly) : undefined,
  },
  // AuthorizationPolicy CUSTOM, WasmPlugin AUTHN, RequestAuthentication, WasmPlugin AUTHZ, AuthorizationPolicy AUDIT, DENY and ALLOW: nothing that
  // reads a body or counts a request may see one that is refused. WasmPlugin STATS, then those without a phase.
  {
    why: 'what follows reads gRPC frames, so gRPC-Web must have become gRPC by then',
    filter: ({ isGrpcWeb }) => (isGrpcWeb ? grpcWeb() : undefined),
  },
  {
    why: 'counts messages before a fault can keep them from the application, and before istio.stats, which reads the counts',
    filter: grpcStats,
  },
  {
    why: 'chooses the ALPN before the router picks a connection; an inbound request goes to the application, which knows no Istio ALPN',
    filter: ({ direction, hasIstioExtensions }) => (direction !== 'inbound' && hasIstioExtensions ? alpn() : undefined),
  },
  {
    why: 'after authorization: whoever is refused must not learn of delays, and an injected fault counts as the request’s outcome',
    filter: fault,
  },
  { why: 'answers preflights itself, so after whatever may refuse them and before whatever forwards', filter: cors },
  {
    why: 'the last one that is no forwarder, so that it sees what all others made of the request',
    filter: ({ direction, hasIstioExtensions, reportsMetrics }) => (hasIstioExtensions && reportsMetrics ? stats(direction) : undefined),
  },
  {
    why: 'resolves the host that the filters before may have changed, right before it is connected to',
    filter: ({ dnsCache }) => (dnsCache === undefined ? undefined : dynamicForwardProxy(dnsCache)),
  },
  { why: 'ends every chain', filter: ({ hidesEnvoyHeaders }) => router(hidesEnvoyHeaders) },
];

/** The HTTP filters of a chain, in their order. */
export function httpFilters(choice: HttpFilterChoice): HttpFilter[] {
  return order.map(({ filter }) => filter(choice)).filter((filter) => filter !== undefined);
}
