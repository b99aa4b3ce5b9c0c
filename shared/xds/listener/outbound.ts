import { create } from '@bufbuild/protobuf';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { type FilterChain, FilterChainSchema, type ListenerFilter } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { isHttp, type ListenerKey, type Scope, type Service, type ServicePort } from '../../model/index.ts';
import { seconds } from '../duration.ts';
import { dnsCache } from '../filter/dns-cache.ts';
import { statisticsName } from '../names.ts';
import { additionalAddresses, exactBalance, socketAddress, wildcards } from './address.ts';
import { httpChainFilters, singleClusterFilters } from './chain.ts';
import { type ChainMatch, filterChainMatch, matchesAll } from './filter-chain-match.ts';
import { httpInspector, tlsInspector } from './listener-filters.ts';
import { type Bind, outboundBinds } from './outbound-bind.ts';
import { type ChainPlan, distinct, type ListenerPlan, merged } from './outbound-entry.ts';
import type { ListenerSettings } from './settings.ts';
import { type OutboundPort, tcpChains } from './tcp-chains.ts';

/** How long a client may take to finish its handshake with a chain. */
const handshakeSeconds = 15;

/**
 * A listener for each (bind, port) of visible services, the oldest service first where several want the same.
 * @param catchAllCluster where connections go that no chain takes.
 */
export function outboundListeners(
  scope: Scope,
  key: ListenerKey,
  catchAllCluster: string,
  settings: ListenerSettings,
): readonly Listener[] {
  const plans = new Map<string, ListenerPlan>();
  for (const service of scope.services) {
    for (const port of service.ports) {
      if (port.protocol === 'UDP') continue;
      for (const bind of outboundBinds(scope, service, port, key)) {
        if (isReserved(scope, port, bind, key)) continue;
        add(plans, listenerPlan(scope, { service, port, bind, labels: key.labels, dnsDomain: key.dnsDomain }, settings));
      }
    }
  }
  return [...plans.values()].map((plan) => outboundListener(plan, catchAllCluster, settings));
}

function add(plans: Map<string, ListenerPlan>, plan: ListenerPlan): void {
  const name = listenerName(plan);
  const current = plans.get(name);
  const next = current === undefined ? plan : merged(current, plan);
  if (next !== undefined) plans.set(name, next);
}

/** Ports of all addresses that the proxy itself serves, and ports that it has no right to open. */
function isReserved({ config }: Scope, { number, protocol }: ServicePort, { addresses, bindsPort }: Bind, key: ListenerKey): boolean {
  if (bindsPort && key.isUnprivileged && number < 1024) return true;
  const { proxyListenPort = 15001, proxyInboundListenPort = 15006 } = config;
  const isEverywhere = isHttp(protocol) && addresses[0] === wildcards[key.ipFamilies][0];
  return isEverywhere && [...key.ownPorts, proxyListenPort, proxyInboundListenPort].includes(number);
}

function listenerName({ bind, port }: Pick<ListenerPlan, 'bind' | 'port'>): string {
  return `${bind.addresses[0]}_${port}`;
}

function listenerPlan(scope: Scope, at: OutboundPort, settings: ListenerSettings): ListenerPlan {
  const { port, bind } = at;
  const sniffed: ChainMatch = { transportProtocol: 'raw_buffer', applicationProtocols: settings.plaintextHttp };
  const isEverywhere = bind.addresses[0] === wildcards[settings.ipFamilies][0];
  if (!isHttp(port.protocol)) {
    const sniffedChains = port.protocol === 'Auto' ? [httpChain(at, sniffed, settings)] : [];
    return { bind, port: port.number, protocol: port.protocol, chains: distinct([...tcpChains(scope, at, settings), ...sniffedChains]) };
  }
  // On all addresses other traffic than that of known services comes along: it is told from HTTP and passed on.
  if (isEverywhere) return { bind, port: port.number, protocol: 'Auto', chains: [httpChain(at, sniffed, settings)] };
  return { bind, port: port.number, protocol: port.protocol, chains: [httpChain(at, {}, settings)] };
}

function httpChain({ service, port, bind }: OutboundPort, match: ChainMatch, settings: ListenerSettings): ChainPlan {
  const isOwn = port.protocol === 'Auto' && bind.addresses[0] !== wildcards[settings.ipFamilies][0];
  const filters = httpChainFilters(
    {
      direction: 'outbound',
      statPrefix: statisticsName(`outbound_${listenerName({ bind, port: port.number })}`),
      route: isOwn ? `${service.host}:${port.number}` : String(port.number),
      isHttp2: false,
      isGrpcWeb: port.protocol === 'GRPC-Web',
      ...dynamicHost(service, port, settings),
    },
    settings,
  );
  return { match, filters };
}

function dynamicHost({ resolution, host }: Service, { protocol }: ServicePort, { ipFamilies }: ListenerSettings) {
  return resolution === 'dynamic-dns' && isHttp(protocol) ? { dnsCache: dnsCache(host, ipFamilies) } : {};
}

function outboundListener({ bind, port, chains }: ListenerPlan, catchAllCluster: string, settings: ListenerSettings): Listener {
  const needsHttp = chains.some(({ match }) => (match.applicationProtocols ?? []).length > 0);
  return create(ListenerSchema, {
    name: listenerName({ bind, port }),
    address: socketAddress(bind.addresses[0] ?? '', port),
    additionalAddresses: additionalAddresses(bind.addresses, port),
    ...exactBalance(settings.exactBalance.outbound),
    ...filterChains(chains, catchAllCluster, settings),
    listenerFilters: inspectors(chains, needsHttp),
    listenerFiltersTimeout: needsHttp ? settings.protocolDetectionTimeout : seconds(0),
    continueOnListenerFiltersTimeout: true,
    trafficDirection: TrafficDirection.OUTBOUND,
    ...(bind.bindsPort ? { maxConnectionsToAcceptPerSocketEvent: 1 } : { bindToPort: false }),
  });
}

/** A chain that takes everything stands apart as the default one, unless it is alone; where there is none, what no chain takes is passed on. */
function filterChains(plans: readonly ChainPlan[], catchAllCluster: string, settings: ListenerSettings) {
  const narrow = plans.filter(({ match }) => !matchesAll(match));
  const wide = plans.find(({ match }) => matchesAll(match));
  if (wide !== undefined && narrow.length === 0) return { filterChains: [filterChain(wide)] };
  const defaultFilterChain = wide === undefined ? passthroughChain(catchAllCluster, settings) : filterChain(wide);
  return { filterChains: narrow.map(filterChain), defaultFilterChain };
}

function filterChain({ match, filters, origin }: ChainPlan): FilterChain {
  return create(FilterChainSchema, {
    ...(!matchesAll(match) && { filterChainMatch: filterChainMatch(match) }),
    filters: [...filters],
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
