/** Listeners of gateway proxies: one for each socket that the servers of their Gateways ask for. */

import { create } from '@bufbuild/protobuf';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { type FilterChain, FilterChainSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { Problem } from '../../lib/problem.ts';
import type { Built, GatewaySocket, Scope } from '../../model/index.ts';
import { addressOf } from '../address.ts';
import { seconds } from '../duration.ts';
import { additionalAddresses, exactBalance, wildcards } from './address.ts';
import { httpChainFilters, tcpChainFilters } from './chain.ts';
import { filterChainMatch, matchesAll, matchKeys } from './filter-chain-match.ts';
import { type GatewayChain, socketChains } from './gateway-chains.ts';
import type { GatewayListenerKey } from './keys.ts';
import { proxyProtocol, tlsInspector } from './listener-filters.ts';
import { type HttpListenerSettings, httpListenerSettings } from './settings.ts';

/** How long a client may take to finish its handshake with a chain. */
const handshakeSeconds = 15;

/** A socket without any chain is not listened on; what had to be left out is told. */
export function gatewayListeners(scope: Scope, key: GatewayListenerKey): Built<Listener> {
  if (key.gateway === undefined) return { value: [], problems: [] };
  const settings = httpListenerSettings(scope, key);
  const plans = [...Map.groupBy(key.gateway.sockets, (socket) => socketName(socket, key)).values()];
  const built = plans.map((sockets) =>
    distinct(sockets.flatMap((socket) => socketChains(scope, key, { socket, name: socketName(socket, key) }))),
  );
  return {
    value: plans.flatMap(([first], index) => {
      const chains = built[index]?.chains ?? [];
      return first === undefined || chains.length === 0 ? [] : [listener(first, chains, { key, settings })];
    }),
    problems: [...key.gateway.problems, ...built.flatMap(({ problems }) => problems)],
  };
}

function bindsOf({ bind }: GatewaySocket, { ipFamilies }: GatewayListenerKey): readonly string[] {
  return bind === '' ? wildcards[ipFamilies] : [bind];
}

/** Of the listener: equal for sockets that would be the same one, as an address given and the same one left out. */
function socketName(socket: GatewaySocket, key: GatewayListenerKey): string {
  return `${bindsOf(socket, key)[0] ?? ''}_${socket.port}`;
}

interface ListenerParts {
  readonly key: GatewayListenerKey;
  readonly settings: HttpListenerSettings;
}

function listener(socket: GatewaySocket, chains: readonly GatewayChain[], { key, settings }: ListenerParts): Listener {
  const binds = bindsOf(socket, key);
  const needsTls = chains.some(({ match, transportSocket }) => (match.serverNames ?? []).length > 0 || transportSocket !== undefined);
  const { gatewayTopology } = settings.http;
  return create(ListenerSchema, {
    name: socketName(socket, key),
    address: addressOf(binds[0] ?? '', socket.port),
    additionalAddresses: additionalAddresses(binds, socket.port),
    ...exactBalance(settings.exactBalance.outbound),
    filterChains: chains.map((chain) => filterChain(chain, settings)),
    listenerFilters: [...(gatewayTopology?.proxyProtocol ? [proxyProtocol()] : []), ...(needsTls ? [tlsInspector()] : [])],
    trafficDirection: TrafficDirection.OUTBOUND,
    accessLog: [...settings.accessLogs.listeners],
    maxConnectionsToAcceptPerSocketEvent: 1,
  });
}

function filterChain({ match, traffic, transportSocket }: GatewayChain, settings: HttpListenerSettings): FilterChain {
  return create(FilterChainSchema, {
    ...(!matchesAll(match) && { filterChainMatch: filterChainMatch(match) }),
    filters: traffic.kind === 'http' ? httpChainFilters(traffic, settings) : tcpChainFilters(traffic, settings),
    ...(transportSocket && { transportSocket }),
    transportSocketConnectTimeout: seconds(handshakeSeconds),
  });
}

/** Envoy refuses a listener in which two chains take the same connections: the first one stays. */
function distinct(chains: readonly GatewayChain[]): { readonly chains: readonly GatewayChain[]; readonly problems: readonly Problem[] } {
  const taken = new Map<string, GatewayChain>();
  const problems: Problem[] = [];
  for (const chain of chains) {
    const keys = matchKeys(chain.match);
    const earlier = keys.map((key) => taken.get(key)).find((one) => one !== undefined);
    if (earlier !== undefined) problems.push(shadowed(chain, earlier));
    else for (const key of keys) taken.set(key, chain);
  }
  return { chains: [...new Set(taken.values())], problems };
}

function shadowed({ source: { object, path } }: GatewayChain, { source }: GatewayChain): Problem {
  return {
    code: 'conflicting-gateway-route',
    severity: 'warning',
    object,
    path,
    message: `connections that this is for already go where ${source.object} ${source.path} sends them; it is left out`,
  };
}
