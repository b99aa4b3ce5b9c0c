import { create } from '@bufbuild/protobuf';
import type { TransportSocket } from '../../gen/envoy/config/core/v3/base_pb.js';
import { type Filter, type FilterChain, FilterChainSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { isHttp2, type Scope } from '../../model/index.ts';
import { patternedName } from '../cluster/statistics-name.ts';
import { inboundRouteConfiguration } from '../route/inbound.ts';
import { inboundMutualTls } from '../tls/downstream.ts';
import { httpChainFilters, tcpChainFilters } from './chain.ts';
import { filterChainMatch } from './filter-chain-match.ts';
import type { Entrance } from './inbound-match.ts';
import type { Target } from './inbound-target.ts';
import type { InboundListenerKey } from './keys.ts';
import type { HttpListenerSettings } from './settings.ts';

/** What ends mutual TLS, by what comes out of it. */
export type Sockets = Readonly<Record<'http' | 'tcp', TransportSocket>>;

export function mutualTlsSockets({ config }: Scope, { serverCertificate }: Pick<InboundListenerKey, 'serverCertificate'>): Sockets {
  return { http: inboundMutualTls(config, 'http', serverCertificate), tcp: inboundMutualTls(config, 'tcp', serverCertificate) };
}

/** A filter chain for each way in to a port. */
export function targetChains(target: Target, sockets: Sockets, settings: HttpListenerSettings): readonly FilterChain[] {
  const filters = new Map<Entrance['traffic'], Filter[]>();
  return target.entrances.map(({ traffic, endsTls, match }) => {
    const shared = filters.get(traffic) ?? (traffic === 'http' ? httpFilters(target, settings) : tcpFilters(target, settings));
    filters.set(traffic, shared);
    return create(FilterChainSchema, {
      name: target.chainNames[traffic],
      filterChainMatch: filterChainMatch(target.port === undefined ? match : { destinationPort: target.port, ...match }),
      filters: shared,
      ...(endsTls && { transportSocket: sockets[traffic] }),
      ...(target.config !== undefined && { metadata: { filterMetadata: { istio: { config: target.config } } } }),
    });
  });
}

function httpFilters({ statPrefix, protocol, cluster, host, servicePort }: Target, settings: HttpListenerSettings): Filter[] {
  const route = inboundRouteConfiguration({ cluster, host, port: servicePort, protocol, retry: settings.inboundRetry });
  const isGrpcWeb = protocol === 'GRPC-Web';
  return httpChainFilters({ direction: 'inbound', statPrefix, route, isHttp2: isHttp2(protocol), isGrpcWeb, isProxy: false }, settings);
}

function tcpFilters({ cluster, protocol, counted }: Target, settings: HttpListenerSettings): Filter[] {
  const route = { statPrefix: patternedName(cluster, settings.inboundStatName, counted), clusters: [{ name: cluster, weight: 1 }] };
  return tcpChainFilters({ direction: 'inbound', route, isMongo: protocol === 'Mongo' }, settings);
}
