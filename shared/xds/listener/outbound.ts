import { create } from '@bufbuild/protobuf';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import {
  type Filter,
  type FilterChain,
  FilterChainSchema,
  type ListenerFilter,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { Scope } from '../../model/index.ts';
import { addressOf } from '../address.ts';
import { catchAllCluster } from '../catch-all-cluster.ts';
import { seconds } from '../duration.ts';
import { additionalAddresses, exactBalance } from './address.ts';
import { httpChainFilters, singleClusterFilters, tcpChainFilters } from './chain.ts';
import { filterChainMatch, matchesAll } from './filter-chain-match.ts';
import type { HttpListenerKey, TcpListenerKey } from './keys.ts';
import { httpInspector, tlsInspector } from './listener-filters.ts';
import type { ChainPlan, ListenerPlan, OutboundTraffic } from './outbound-entry.ts';
import { listenerName } from './outbound-group.ts';
import { httpPlans, tcpPlans } from './outbound-plan.ts';
import { httpListenerSettings, type ListenerSettings, listenerSettings } from './settings.ts';

/** How long a client may take to finish its handshake with a chain. */
const handshakeSeconds = 15;

/** Outbound listeners for connections of which no byte is read, of all visible services. */
export function tcpListeners(scope: Scope, key: TcpListenerKey): readonly Listener[] {
  const settings = listenerSettings(scope, key);
  const filtersOf = (traffic: OutboundTraffic) => (traffic.kind === 'tcp' ? tcpChainFilters(traffic, settings) : []);
  return outboundListeners(scope, tcpPlans(scope, key), { settings, filtersOf });
}

/** Outbound listeners that are for HTTP, or may turn out to be. */
export function httpListeners(scope: Scope, key: HttpListenerKey): readonly Listener[] {
  const settings = httpListenerSettings(scope, key);
  const filtersOf = (traffic: OutboundTraffic) =>
    traffic.kind === 'tcp' ? tcpChainFilters(traffic, settings) : httpChainFilters(traffic, settings);
  return outboundListeners(scope, httpPlans(scope, key), { settings, filtersOf });
}

type FiltersOf = (traffic: OutboundTraffic) => Filter[];

function outboundListeners(scope: Scope, plans: readonly ListenerPlan[], parts: Omit<ListenerParts, 'passthrough'>): readonly Listener[] {
  const passthrough = passthroughChain(catchAllCluster(scope), parts.settings);
  return plans.map((plan) => outboundListener(plan, { ...parts, passthrough }));
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
