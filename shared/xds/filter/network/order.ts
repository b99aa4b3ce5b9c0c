import type { AccessLog } from '../../../gen/envoy/config/accesslog/v3/accesslog_pb.js';
import type { Filter } from '../../../gen/envoy/config/listener/v3/listener_components_pb.js';
import type { DnsCacheConfig } from '../../../gen/envoy/extensions/common/dynamic_forward_proxy/v3/dns_cache_pb.js';
import type { Direction } from '../../direction.ts';
import { metadataExchange } from './metadata-exchange.ts';
import { mongoProxy } from './mongo-proxy.ts';
import { sniDynamicForwardProxy } from './sni-dynamic-forward-proxy.ts';
import { stats } from './stats.ts';
import { type TcpRoute, tcpProxy } from './tcp-proxy.ts';

/** What decides which network filters a TCP chain has. */
export interface TcpFilterChoice {
  readonly direction: Direction;
  readonly route: TcpRoute;
  readonly hasIstioExtensions: boolean;
  readonly reportsMetrics: boolean;
  readonly accessLog: readonly AccessLog[];
  readonly isMongo: boolean;
  /** The caller is a proxy of the mesh though the chain is no inbound one: a gateway ends its mutual TLS. */
  readonly isFromMesh?: true;
  /** Of the `DYNAMIC_DNS` host that the chain is for, and the port that is connected to. */
  readonly dynamicHost?: { readonly dnsCache: DnsCacheConfig; readonly port: number };
}

interface Rank {
  readonly why: string;
  readonly filter: (choice: TcpFilterChoice) => Filter | undefined;
}

/** The order of the network filters of TCP chains. Ranks that policies will take are marked with the kind that fills them. */
const order: readonly Rank[] = [
  {
    why: 'takes its own bytes off the stream before anybody else reads it; only proxies of the mesh send them',
    filter: ({ direction, isFromMesh, hasIstioExtensions }) =>
      (direction === 'inbound' || isFromMesh) && hasIstioExtensions ? metadataExchange() : undefined,
  },
  // AuthorizationPolicy CUSTOM, WasmPlugin AUTHN and AUTHZ, AuthorizationPolicy AUDIT, DENY and ALLOW: a refused connection is not read.
  {
    why: 'counts what was let in',
    filter: ({ direction, hasIstioExtensions, reportsMetrics }) => (hasIstioExtensions && reportsMetrics ? stats(direction) : undefined),
  },
  {
    why: 'reads along on what goes through',
    filter: ({ isMongo, route }) => (isMongo ? mongoProxy(route.statPrefix) : undefined),
  },
  {
    why: 'holds the connection until the name is resolved, so right before whoever connects',
    filter: ({ dynamicHost }) => dynamicHost && sniDynamicForwardProxy(dynamicHost.dnsCache, dynamicHost.port),
  },
  { why: 'ends every TCP chain', filter: ({ route, accessLog }) => tcpProxy(route, accessLog) },
];

/** The network filters of a TCP chain, in their order. */
export function tcpFilters(choice: TcpFilterChoice): Filter[] {
  return order.map(({ filter }) => filter(choice)).filter((filter) => filter !== undefined);
}

/** What an HTTP chain has before its connection manager. */
export function filtersBeforeHttp(choice: Pick<TcpFilterChoice, 'direction' | 'hasIstioExtensions'>): Filter[] {
  return choice.direction === 'inbound' && choice.hasIstioExtensions ? [metadataExchange()] : [];
}
