import { create } from '@bufbuild/protobuf';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import {
  type Filter,
  type FilterChain,
  FilterChainSchema,
  type ListenerFilter,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { isHttp, type Scope } from '../../model/index.ts';
import { addressOf } from '../address.ts';
import { catchAllCluster } from '../catch-all-cluster.ts';
import { seconds } from '../duration.ts';
import { dnsCache } from '../filter/dns-cache.ts';
import { statisticsName } from '../names.ts';
import { additionalAddresses, exactBalance, wildcards } from './address.ts';
import { httpChainFilters, singleClusterFilters, tcpChainFilters } from './chain.ts';
import { type ChainMatch, filterChainMatch, matchesAll } from './filter-chain-match.ts';
import { httpProxyPlans } from './http-proxy.ts';
import type { HttpListenerKey, TcpListenerKey } from './keys.ts';
import { httpInspector, tlsInspector } from './listener-filters.ts';
import { type ChainPlan, distinct, isSettled, type ListenerPlan, merged, type OutboundTraffic } from './outbound-entry.ts';
import { listenerName, type PlacedPort, type PortGroup, portGroups } from './outbound-group.ts';
import { httpListenerSettings, type ListenerSettings, listenerSettings } from './settings.ts';
import { type OutboundPort, tcpChains } from './tcp-chains.ts';

/** How long a client may take to finish its handshake with a chain. */
const handshakeSeconds = 15;

/** Outbound listeners for connections of which no byte is read, of all visible services. */
export function tcpListeners(scope: Scope, key: TcpListenerKey): readonly Listener[] {
  const settings = listenerSettings(scope, key);
  const groups = portGroups(scope, key).filter((group) => !group.some(speaksHttp));
  const filtersOf = (traffic: OutboundTraffic) => (traffic.kind === 'tcp' ? tcpChainFilters(traffic, settings) : []);
  const plans = groups.map((group) => groupPlan(group, settings));
  return outboundListeners(scope, plans, { settings, filtersOf });
}

/** Outbound listeners that are for HTTP, or may turn out to be. */
export function httpListeners(scope: Scope, key: HttpListenerKey): readonly Listener[] {
  const settings = httpListenerSettings(scope, key);
  const groups = portGroups(scope, key).filter((group) => group.some(speaksHttp));
  const filtersOf = (traffic: OutboundTraffic) =>
    traffic.kind === 'tcp' ? tcpChainFilters(traffic, settings) : httpChainFilters(traffic, settings);
  const plans = groups.map((group) => groupPlan(group, settings));
  return outboundListeners(scope, [...plans, ...httpProxyPlans(scope, key)], { settings, filtersOf });
}

function speaksHttp({ at: { port } }: PlacedPort): boolean {
  return port.protocol === 'Auto' || isHttp(port.protocol);
}

type FiltersOf = (traffic: OutboundTraffic) => Filter[];

function outboundListeners(scope: Scope, plans: readonly ListenerPlan[], parts: Omit<ListenerParts, 'passthrough'>): readonly Listener[] {
  const passthrough = passthroughChain(catchAllCluster(scope), parts.settings);
  return plans.map((plan) => outboundListener(plan, { ...parts, passthrough }));
}

function groupPlan([first, ...others]: PortGroup, settings: ListenerSettings): ListenerPlan {
  return others.reduce(
    (plan, { scope, at }) => {
      return isSettled(plan, at) ? plan : merged(plan, listenerPlan(scope, at, settings));
    },
    listenerPlan(first.scope, first.at, settings),
  );
}

function listenerPlan(scope: Scope, at: OutboundPort, { plaintextHttp }: ListenerSettings): ListenerPlan {
  const { port, bind } = at;
  const plan = { bind, port: port.number, protocol: port.protocol };
  const sniffed: ChainMatch = { transportProtocol: 'raw_buffer', applicationProtocols: plaintextHttp };
  // On all addresses other traffic than that of known services comes along: it is told from HTTP and passed on.
  if (isHttp(port.protocol) && isEverywhere(at)) return { ...plan, protocol: 'Auto', chains: [httpChain(at, sniffed)] };
  if (isHttp(port.protocol)) return { ...plan, chains: [httpChain(at, {})] };
  const sniffedChains = port.protocol === 'Auto' ? [httpChain(at, sniffed)] : [];
  return { ...plan, chains: distinct([...tcpChains(scope, at), ...sniffedChains]) };
}

function isEverywhere({ bind, ipFamilies }: OutboundPort): boolean {
  return bind.addresses[0] === wildcards[ipFamilies][0];
}

function httpChain(at: OutboundPort, match: ChainMatch): ChainPlan {
  const { service, port, bind, ipFamilies } = at;
  const isOwn = port.protocol === 'Auto' && !isEverywhere(at);
  const isDynamic = service.resolution === 'dynamic-dns' && isHttp(port.protocol);
  return {
    match,
    traffic: {
      kind: 'http',
      direction: 'outbound',
      statPrefix: statisticsName(`outbound_${listenerName(bind, port.number)}`),
      route: isOwn ? `${service.host}:${port.number}` : port.number === 0 ? (bind.addresses[0] ?? '') : String(port.number),
      isHttp2: false,
      isGrpcWeb: port.protocol === 'GRPC-Web',
      isProxy: false,
      ...(isDynamic && { dnsCache: dnsCache(service.host, ipFamilies) }),
    },
  };
}

interface ListenerParts {
  readonly passthrough: FilterChain;
  readonly settings: ListenerSettings;
  readonly filtersOf: FiltersOf;
}

function outboundListener({ bind, port, chains }: ListenerPlan, parts: ListenerParts): Listener {
  const { settings } = parts;
  const needsHttp = chains.some(({ match }) => (match.applicationProtocols ?? []).length > 0);
  return create(ListenerSchema, {
    name: listenerName(bind, port),
    address: addressOf(bind.addresses[0] ?? '', port),
    additionalAddresses: additionalAddresses(bind.addresses, port),
    ...exactBalance(settings.exactBalance.outbound),
    ...filterChains(chains, parts),
    listenerFilters: inspectors(chains, needsHttp),
    listenerFiltersTimeout: needsHttp ? settings.protocolDetectionTimeout : seconds(0),
    continueOnListenerFiltersTimeout: true,
    trafficDirection: TrafficDirection.OUTBOUND,
    ...(bind.bindsPort ? { maxConnectionsToAcceptPerSocketEvent: 1 } : { bindToPort: false }),
  });
}

/** A chain that takes everything stands apart as the default one, unless it is alone; where there is none, what no chain takes is passed on. */
function filterChains(plans: readonly ChainPlan[], { passthrough, filtersOf }: ListenerParts) {
  const narrow = plans.filter(({ match }) => !matchesAll(match));
  const wide = plans.find(({ match }) => matchesAll(match));
  const chain = (plan: ChainPlan): FilterChain => filterChain(plan, filtersOf);
  if (wide !== undefined && narrow.length === 0) return { filterChains: [chain(wide)] };
  return { filterChains: narrow.map(chain), defaultFilterChain: wide === undefined ? passthrough : chain(wide) };
}

function filterChain({ match, traffic, origin }: ChainPlan, filtersOf: FiltersOf): FilterChain {
  return create(FilterChainSchema, {
    ...(!matchesAll(match) && { filterChainMatch: filterChainMatch(match) }),
    filters: filtersOf(traffic),
    ...(origin && { metadata: { filterMetadata: { istio: origin } } }),
    transportSocketConnectTimeout: seconds(handshakeSeconds),
  });
}

function passthroughChain(cluster: string, settings: ListenerSettings): FilterChain {
  return create(FilterChainSchema, {
    name: 'PassthroughFilterChain',
    filterChainMatch: {},
    filters: singleClusterFilters('outbound', cluster, settings),
  });
}

function inspectors(chains: readonly ChainPlan[], needsHttp: boolean): ListenerFilter[] {
  const needsTls = chains.some(({ match }) => (match.serverNames ?? []).length > 0);
  return [...(needsTls ? [tlsInspector()] : []), ...(needsHttp ? [httpInspector()] : [])];
}
