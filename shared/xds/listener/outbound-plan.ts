/** Which outbound listeners there are, and which chains they have, before anything of Envoy is made of them. */

import { isHttp, type Scope } from '../../model/index.ts';
import { dnsCache } from '../filter/dns-cache.ts';
import { statisticsName } from '../names.ts';
import { wildcards } from './address.ts';
import type { ChainMatch } from './filter-chain-match.ts';
import { httpProxyPlans } from './http-proxy.ts';
import type { PlanKey } from './keys.ts';
import { type ChainPlan, distinct, isSettled, type ListenerPlan, merged } from './outbound-entry.ts';
import { listenerName, type PlacedPort, type PortGroup, portGroups } from './outbound-group.ts';
import { plaintextHttp } from './settings.ts';
import { type OutboundPort, tcpChains } from './tcp-chains.ts';

/** Of connections of which no byte is read. */
export function tcpPlans(scope: Scope, key: PlanKey): readonly ListenerPlan[] {
  return portGroups(scope, key)
    .filter((group) => !group.some(speaksHttp))
    .map(groupPlan);
}

/** Of connections that are HTTP, or may turn out to be. */
export function httpPlans(scope: Scope, key: PlanKey): readonly ListenerPlan[] {
  const groups = portGroups(scope, key).filter((group) => group.some(speaksHttp));
  return [...groups.map(groupPlan), ...httpProxyPlans(scope, key)];
}

/** Names of the routes that the plans' HTTP chains ask for, each once. */
export function routeNames(plans: readonly ListenerPlan[]): readonly string[] {
  const routes = plans.flatMap(({ chains }) => chains).map(({ traffic }) => (traffic.kind === 'http' ? traffic.route : undefined));
  return [...new Set(routes.filter((route) => typeof route === 'string'))];
}

function speaksHttp({ at: { port } }: PlacedPort): boolean {
  return port.protocol === 'Auto' || isHttp(port.protocol);
}

function groupPlan([first, ...others]: PortGroup): ListenerPlan {
  return others.reduce(
    (plan, { scope, at }) => {
      return isSettled(plan, at) ? plan : merged(plan, listenerPlan(scope, at));
    },
    listenerPlan(first.scope, first.at),
  );
}

/** Of a port of one service alone. */
export function listenerPlan(scope: Scope, at: OutboundPort): ListenerPlan {
  const { port, bind } = at;
  const plan = { bind, port: port.number, protocol: port.protocol };
  const sniffed: ChainMatch = { transportProtocol: 'raw_buffer', applicationProtocols: plaintextHttp(scope.features) };
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
  const isDynamic = service.resolution === 'dynamic-dns' && isHttp(port.protocol);
  return {
    match,
    traffic: {
      kind: 'http',
      direction: 'outbound',
      statPrefix: statisticsName(`outbound_${listenerName(bind, port.number)}`),
      route: routeName(at),
      isHttp2: false,
      isGrpcWeb: port.protocol === 'GRPC-Web',
      isProxy: false,
      ...(isDynamic && { dnsCache: dnsCache(service.host, ipFamilies) }),
    },
  };
}

/** A service whose protocol is found out has routes of its own where it has a listener of its own. */
function routeName(at: OutboundPort): string {
  const { service, port, bind } = at;
  if (port.number === 0) return bind.addresses[0] ?? '';
  return port.protocol === 'Auto' && !isEverywhere(at) ? `${service.host}:${port.number}` : String(port.number);
}
