import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { AccessLog } from '../../../gen/envoy/config/accesslog/v3/accesslog_pb.js';
import type { Filter } from '../../../gen/envoy/config/listener/v3/listener_components_pb.js';
import {
  type TcpProxy,
  TcpProxy_WeightedClusterSchema,
  TcpProxySchema,
} from '../../../gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.js';
import { durationOf } from '../../duration.ts';
import { networkFilter } from './network-filter.ts';

/** Where a TCP chain sends its connections. */
export interface TcpRoute {
  readonly statPrefix: string;
  /** One, or several with weights; a weight of 0 counts only where it is the single one. */
  readonly clusters: readonly TcpCluster[];
  /** Duration text; absent leaves it to Envoy (one hour). */
  readonly idleTimeout?: string;
  /** Duration text; absent means no limit. */
  readonly maxConnectionDuration?: string;
  /** Consistent hashing by the caller's address. */
  readonly hashesSourceIp?: boolean;
  /** Through an HTTP tunnel to `hostname` (with port). */
  readonly tunnel?: { readonly hostname: string; readonly usesPost: boolean };
}

interface TcpCluster {
  readonly name: string;
  readonly weight: number;
}

/** Ends a TCP chain: copies bytes to the cluster. */
export function tcpProxy(route: TcpRoute, accessLog: readonly AccessLog[]): Filter {
  const { statPrefix, idleTimeout, maxConnectionDuration, hashesSourceIp, tunnel } = route;
  const idle = idleTimeout === undefined ? undefined : durationOf(idleTimeout);
  const longest = maxConnectionDuration === undefined ? undefined : durationOf(maxConnectionDuration);
  const settings: MessageInitShape<typeof TcpProxySchema> = {
    statPrefix,
    clusterSpecifier: clusterSpecifier(route.clusters),
    accessLog: [...accessLog],
    ...(idle && { idleTimeout: idle }),
    ...(longest && { maxDownstreamConnectionDuration: longest }),
    ...(hashesSourceIp && { hashPolicy: [{ policySpecifier: { case: 'sourceIp', value: {} } }] }),
    ...(tunnel && { tunnelingConfig: { hostname: tunnel.hostname, usePost: tunnel.usesPost } }),
  };
  return networkFilter('envoy.filters.network.tcp_proxy', TcpProxySchema, settings);
}

function clusterSpecifier(clusters: readonly TcpCluster[]): TcpProxy['clusterSpecifier'] {
  const [first, ...others] = clusters;
  if (first !== undefined && others.length === 0) return { case: 'cluster', value: first.name };
  const weighted = clusters.filter(({ weight }) => weight > 0);
  return {
    case: 'weightedClusters',
    value: create(TcpProxy_WeightedClusterSchema, { clusters: weighted.map(({ name, weight }) => ({ name, weight })) }),
  };
}
