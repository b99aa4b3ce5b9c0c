import { create } from '@bufbuild/protobuf';
import { type Filter, type FilterChain, FilterChainSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import type { RouteConfiguration } from '../../gen/envoy/config/route/v3/route_pb.js';
import type { DnsCacheConfig } from '../../gen/envoy/extensions/common/dynamic_forward_proxy/v3/dns_cache_pb.js';
import type { Direction } from '../direction.ts';
import { httpFilters } from '../filter/http/order.ts';
import { filtersBeforeHttp, type TcpFilterChoice, tcpFilters } from '../filter/network/order.ts';
import type { TcpRoute } from '../filter/network/tcp-proxy.ts';
import { httpConnectionManager } from '../http-connection-manager.ts';
import { blackHoleCluster } from '../names.ts';
import type { HttpListenerSettings, ListenerSettings } from './settings.ts';

/** What an HTTP chain is for. */
export interface HttpTraffic {
  readonly direction: Direction;
  readonly statPrefix: string;
  readonly route: string | RouteConfiguration;
  readonly isHttp2: boolean;
  readonly isGrpcWeb: boolean;
  /** Applications ask it for whole URLs. */
  readonly isProxy: boolean;
  readonly dnsCache?: DnsCacheConfig;
}

export function httpChainFilters(traffic: HttpTraffic, settings: HttpListenerSettings): Filter[] {
  const { hasIstioExtensions, reportsMetrics, http } = settings;
  const { direction, isGrpcWeb, dnsCache } = traffic;
  const filters = httpFilters({
    direction,
    isGrpcWeb,
    hasIstioExtensions,
    reportsMetrics,
    isMetadataInMeshOnly: http.headers.metadataExchangeHeaders?.mode === 'IN_MESH',
    hidesEnvoyHeaders: http.headers.envoyDebugHeaders?.disabled === true,
    ...(dnsCache && { dnsCache }),
  });
  return [...filtersBeforeHttp({ direction, hasIstioExtensions }), httpConnectionManager({ ...traffic, filters }, http)];
}

/** What a TCP chain is for. */
export interface TcpTraffic extends Pick<TcpFilterChoice, 'direction' | 'isMongo' | 'isFromMesh' | 'dynamicHost'> {
  readonly route: TcpRoute;
}

export function tcpChainFilters(traffic: TcpTraffic, settings: ListenerSettings): Filter[] {
  const { hasIstioExtensions, reportsMetrics, accessLogs, idleTimeout } = settings;
  const route = idleTimeout === '' ? traffic.route : { idleTimeout, ...traffic.route };
  return tcpFilters({ ...traffic, route, hasIstioExtensions, reportsMetrics, accessLog: accessLogs.tcp });
}

/** To one cluster under its own name, whatever the protocol. */
export function singleClusterFilters(direction: Direction, cluster: string, settings: ListenerSettings): Filter[] {
  const route = { statPrefix: cluster, clusters: [{ name: cluster, weight: 1 }] };
  return tcpChainFilters({ direction, route, isMongo: false }, settings);
}

/**
 * Refuses connections to the virtual listener's own port: they were not redirected, and to pass them on would send them in a circle. They are no
 * traffic, so nothing is logged of them.
 */
export function blackHoleChain(direction: Exclude<Direction, 'gateway'>, port: number, settings: ListenerSettings): FilterChain {
  return create(FilterChainSchema, {
    name: direction === 'inbound' ? 'virtualInbound-blackhole' : 'virtualOutbound-blackhole',
    filterChainMatch: { destinationPort: port },
    filters: singleClusterFilters(direction, blackHoleCluster, {
      ...settings,
      idleTimeout: '',
      accessLogs: { http: [], tcp: [], listeners: [] },
    }),
  });
}
