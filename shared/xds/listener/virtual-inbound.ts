import { create } from '@bufbuild/protobuf';
import { TrafficDirection, type TransportSocket } from '../../gen/envoy/config/core/v3/base_pb.js';
import {
  type Filter,
  type FilterChain,
  FilterChainSchema,
  type ListenerFilter,
  type ListenerFilterChainMatchPredicate,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { isHttp, isHttp2, type PortProtocol, type Scope, type ServiceTarget } from '../../model/index.ts';
import { inboundClusterName, inboundPassthroughCluster, statisticsName, virtualInboundListener } from '../names.ts';
import { inboundRouteConfiguration } from '../route/inbound.ts';
import { inboundMutualTls } from '../tls/downstream.ts';
import { additionalAddresses, exactBalance, socketAddress, wildcards } from './address.ts';
import { blackHoleChain, httpChainFilters, tcpChainFilters } from './chain.ts';
import { filterChainMatch } from './filter-chain-match.ts';
import { type Entrance, entrances, type InboundTraffic, needsHttpInspector, needsTlsInspector } from './inbound-match.ts';
import type { InboundListenerKey } from './keys.ts';
import { anyPortOf, httpInspector, not, originalDst, originalSrc, tlsInspector } from './listener-filters.ts';
import { type HttpListenerSettings, httpListenerSettings } from './settings.ts';

/** A port of the workload, or all that no service names. */
interface Target {
  /** Absent: all ports that no other target has. */
  readonly port?: number;
  readonly traffic: InboundTraffic;
  readonly protocol: PortProtocol;
  readonly entrances: readonly Entrance[];
  readonly cluster: string;
  readonly chainNames: { readonly http: string; readonly tcp: string };
  readonly statPrefix: string;
  /** Of the service; empty and 0 for no service. */
  readonly host: string;
  readonly servicePort: number;
}

/** The listener that iptables redirects incoming connections to: each port of the workload has its chains, all others are passed on. */
export function virtualInbound(scope: Scope, key: InboundListenerKey): Listener {
  const { config } = scope;
  const settings = httpListenerSettings(scope, key);
  const port = config.proxyInboundListenPort ?? 15006;
  const binds = wildcards[settings.ipFamilies];
  const targets = inboundTargets(key, settings);
  const sockets = {
    http: inboundMutualTls(config, 'http', key.serverCertificate),
    tcp: inboundMutualTls(config, 'tcp', key.serverCertificate),
  };
  return create(ListenerSchema, {
    name: virtualInboundListener,
    address: socketAddress(binds[0], port),
    additionalAddresses: additionalAddresses(binds, port),
    ...exactBalance(settings.exactBalance.inbound),
    filterChains: [blackHoleChain('inbound', port, settings), ...targets.flatMap((target) => targetChains(target, sockets, settings))],
    listenerFilters: listenerFilters(targets, port, settings),
    listenerFiltersTimeout: settings.protocolDetectionTimeout,
    continueOnListenerFiltersTimeout: true,
    ...(settings.interception === 'TPROXY' && { transparent: true }),
    trafficDirection: TrafficDirection.INBOUND,
    accessLog: [...settings.accessLogs.listeners],
    maxConnectionsToAcceptPerSocketEvent: 1,
  });
}

/** Everything else first, then ports that only a policy names, then those of services by number. */
function inboundTargets(key: InboundListenerKey, settings: HttpListenerSettings): readonly Target[] {
  const byPort = new Map<number, ServiceTarget>();
  for (const target of key.serviceTargets) if (!byPort.has(target.targetPort)) byPort.set(target.targetPort, target);
  const policyPorts = [...key.mutualTls.ports.keys()].filter((port) => !byPort.has(port)).sort(byNumber);
  return [
    passthroughTarget(undefined, key, settings),
    ...policyPorts.map((port) => passthroughTarget(port, key, settings)),
    ...[...byPort.keys()].sort(byNumber).flatMap((port) => {
      const target = byPort.get(port);
      return target === undefined ? [] : [serviceTarget(target, key, settings)];
    }),
  ];
}

function passthroughTarget(port: number | undefined, { mutualTls }: InboundListenerKey, { plaintextHttp }: HttpListenerSettings): Target {
  const mode = port === undefined ? mutualTls.mode : (mutualTls.ports.get(port) ?? mutualTls.mode);
  return {
    ...(port !== undefined && { port }),
    traffic: 'auto',
    protocol: 'Auto',
    entrances: entrances('auto', mode, plaintextHttp),
    cluster: inboundPassthroughCluster,
    chainNames: { http: `${virtualInboundListener}-catchall-http`, tcp: virtualInboundListener },
    statPrefix: statisticsName(inboundPassthroughCluster),
    host: '',
    servicePort: 0,
  };
}

function serviceTarget(
  { service, port, targetPort }: ServiceTarget,
  { mutualTls }: InboundListenerKey,
  settings: HttpListenerSettings,
): Target {
  const traffic = inboundTraffic(port.protocol);
  const name = `${wildcards[settings.ipFamilies][0]}_${targetPort}`;
  return {
    port: targetPort,
    traffic,
    protocol: port.protocol,
    entrances: entrances(traffic, mutualTls.ports.get(targetPort) ?? mutualTls.mode, settings.plaintextHttp),
    cluster: inboundClusterName(targetPort),
    chainNames: { http: name, tcp: name },
    statPrefix: statisticsName(`inbound_${name}`),
    host: service.host,
    servicePort: port.number,
  };
}

/** Databases, TLS and UDP are bytes. (A UDP port has chains too, Istio compatibility: a container port has no transport here.) */
function inboundTraffic(protocol: PortProtocol): InboundTraffic {
  if (protocol === 'Auto') return 'auto';
  return isHttp(protocol) ? 'http' : 'tcp';
}

type Sockets = Readonly<Record<'http' | 'tcp', TransportSocket>>;

function targetChains(target: Target, sockets: Sockets, settings: HttpListenerSettings): readonly FilterChain[] {
  const filters = new Map<Entrance['traffic'], Filter[]>();
  return target.entrances.map(({ traffic, endsTls, match }) => {
    const shared = filters.get(traffic) ?? (traffic === 'http' ? httpFilters(target, settings) : tcpFilters(target, settings));
    filters.set(traffic, shared);
    return create(FilterChainSchema, {
      name: target.chainNames[traffic],
      filterChainMatch: filterChainMatch(target.port === undefined ? match : { destinationPort: target.port, ...match }),
      filters: shared,
      ...(endsTls && { transportSocket: sockets[traffic] }),
    });
  });
}

function httpFilters({ statPrefix, protocol, cluster, host, servicePort }: Target, settings: HttpListenerSettings): Filter[] {
  const route = inboundRouteConfiguration({ cluster, host, port: servicePort, protocol, retry: settings.inboundRetry });
  const isGrpcWeb = protocol === 'GRPC-Web';
  return httpChainFilters({ direction: 'inbound', statPrefix, route, isHttp2: isHttp2(protocol), isGrpcWeb, isProxy: false }, settings);
}

function tcpFilters({ cluster, protocol }: Target, settings: HttpListenerSettings): Filter[] {
  const route = { statPrefix: cluster, clusters: [{ name: cluster, weight: 1 }] };
  return tcpChainFilters({ direction: 'inbound', route, isMongo: protocol === 'Mongo' }, settings);
}

function listenerFilters(targets: readonly Target[], ownPort: number, { interception }: HttpListenerSettings): ListenerFilter[] {
  const tls = inspection(targets, ownPort, needsTlsInspector);
  const http = inspection(targets, ownPort, needsHttpInspector);
  return [
    originalDst(),
    ...(interception === 'TPROXY' ? [originalSrc()] : []),
    ...(tls.isNeeded ? [tlsInspector(tls.filterDisabled)] : []),
    ...(http.isNeeded ? [httpInspector(http.filterDisabled)] : []),
  ];
}

/** Inspectors hold back connections whose client waits for the server's first bytes, so each is off for all ports that can do without. */
function inspection(targets: readonly Target[], ownPort: number, needs: (entrances: readonly Entrance[]) => boolean): Inspection {
  const needing = targets.filter((target) => needs(target.entrances));
  if (needing.length === 0) return { isNeeded: false };
  const isForOthers = needing.some(({ port }) => port === undefined);
  const ports = (list: readonly Target[]) => list.flatMap(({ port }) => port ?? []);
  const listed = isForOthers ? [...ports(targets.filter((target) => !needing.includes(target))), ownPort] : ports(needing);
  const match = anyPortOf([...new Set(listed)].sort(byNumber));
  if (match === undefined) return { isNeeded: true };
  return { isNeeded: true, filterDisabled: isForOthers ? match : not(match) };
}

interface Inspection {
  readonly isNeeded: boolean;
  readonly filterDisabled?: ListenerFilterChainMatchPredicate;
}

function byNumber(a: number, b: number): number {
  return a - b;
}
