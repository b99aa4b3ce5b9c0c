import type { VirtualService } from '../../config/networking/virtual-service.ts';
import { coversHost } from '../../lib/host.ts';
import {
  type ConfigObject,
  configPath,
  type Labels,
  type ListenerKey,
  meshGateway,
  type PortProtocol,
  type Scope,
  type Service,
  type ServicePort,
} from '../../model/index.ts';
import { dnsCache } from '../filter/dns-cache.ts';
import type { TcpRoute } from '../filter/network/tcp-proxy.ts';
import { appliesTo, type RouteClient } from '../route/applies-to.ts';
import { serviceDomains } from '../route/domains.ts';
import type { ChainMatch } from './filter-chain-match.ts';
import type { Bind } from './outbound-bind.ts';
import type { ChainPlan, OutboundTraffic } from './outbound-entry.ts';
import { destinationsRoute, serviceRoute } from './tcp-route.ts';

/** A port of a service, at one of the places where the proxy listens for it. */
export interface OutboundPort {
  readonly service: Service;
  readonly port: ServicePort;
  readonly bind: Bind;
  /** Of the calling proxy. */
  readonly labels: Labels;
  readonly dnsDomain: string;
  readonly ipFamilies: ListenerKey['ipFamilies'];
}

/** The chains that take connections to a port as they are: those that VirtualServices ask for, and the service's own. */
export function tcpChains(scope: Scope, at: OutboundPort): readonly ChainPlan[] {
  const rules = scope.virtualServices.filter(({ spec }) => (spec.tls ?? spec.tcp) !== undefined && isFor(spec, at.service.host));
  return isTls(at.port.protocol) ? tlsChains(scope, at, rules) : plainChains(scope, at, rules);
}

/** Either of the names may be a wildcard. */
function isFor({ hosts = [] }: VirtualService, host: string): boolean {
  return hosts.some((one) => coversHost(one, host) || coversHost(host, one));
}

function isTls(protocol: PortProtocol): boolean {
  return protocol === 'TLS' || protocol === 'HTTPS';
}

type Rule = ConfigObject<VirtualService>;

/**
 * Matches of TLS routes; the first of several with the same server names and subnets wins. Only without any, the service's own chain is there.
 * Istio compatibility: a match without subnets has those of the last match before it that names some.
 */
function tlsChains(scope: Scope, at: OutboundPort, rules: readonly Rule[]): readonly ChainPlan[] {
  const chains = new Map<string, ChainPlan>();
  let prefixRanges = cidrsOf(at);
  for (const { rule, match, route } of tlsMatches(rules)) {
    if (route.length === 0 || !appliesTo(match, clientOf(scope, at))) continue;
    const { sniHosts = [], destinationSubnets = [] } = match;
    if (destinationSubnets.length > 0 && !isSocketFile(at)) prefixRanges = destinationSubnets;
    const key = `${sniHosts.join()}|${destinationSubnets.join()}`;
    if (chains.has(key)) continue;
    const traffic = trafficTo(routeTo(scope, rule, route, at), at);
    chains.set(key, { match: { serverNames: sniHosts, prefixRanges }, traffic, origin: originOf(rule) });
  }
  return chains.size > 0 ? [...chains.values()] : [ownChain(scope, at)];
}

function tlsMatches(rules: readonly Rule[]) {
  return rules.flatMap((rule) =>
    (rule.spec.tls ?? []).flatMap(({ match = [], route = [] }) => match.map((one) => ({ rule, match: one, route }))),
  );
}

/**
 * TCP routes in their order, up to the first one that takes every address. Istio compatibility: a chain for subnets alone does not say which
 * VirtualService made it.
 */
function plainChains(scope: Scope, at: OutboundPort, rules: readonly Rule[]): readonly ChainPlan[] {
  const chains: ChainPlan[] = [];
  for (const rule of rules) {
    for (const { match = [], route = [] } of rule.spec.tcp ?? []) {
      const matches = match.filter((one) => appliesTo(one, clientOf(scope, at)));
      if (route.length === 0 || (match.length > 0 && matches.length === 0)) continue;
      const traffic = trafficTo(routeTo(scope, rule, route, at), at);
      if (isSocketFile(at) || matches.length === 0 || matches.some(({ destinationSubnets = [] }) => destinationSubnets.length === 0)) {
        return [...chains, { match: { prefixRanges: cidrsOf(at) }, traffic, origin: originOf(rule) }];
      }
      chains.push({ match: { prefixRanges: matches.flatMap(({ destinationSubnets = [] }) => destinationSubnets) }, traffic });
    }
  }
  return [...chains, ownChain(scope, at)];
}

/** Connections to a socket file have no address that subnets could be compared with. */
function isSocketFile({ port }: OutboundPort): boolean {
  return port.number === 0;
}

function ownChain(scope: Scope, at: OutboundPort): ChainPlan {
  const { service, port, labels } = at;
  const traffic = trafficTo(serviceRoute(scope, service, port.number, labels), at);
  return { match: ownMatch(scope, at), traffic };
}

/** Server names only where other services share the listener: an address of its own says enough, and callers may leave the name out. */
function ownMatch(scope: Scope, at: OutboundPort): ChainMatch {
  const prefixRanges = cidrsOf(at);
  const isShared = at.bind.cidr !== undefined || (at.service.addresses.length === 0 && isWildcard(at.bind));
  if (!isTls(at.port.protocol) || !isShared) return { prefixRanges };
  return { prefixRanges, serverNames: [at.service.host, ...aliasSpellings(scope, at)] };
}

/** Callers of an alias send the name that they know. */
function aliasSpellings(scope: Scope, { service, dnsDomain }: OutboundPort): readonly string[] {
  const aliases = scope
    .aliasesOf(service)
    .map((host) => serviceDomains({ hosts: [host], addresses: [], hasPodNames: false }, dnsDomain).all);
  return aliases.flat();
}

function isWildcard({ addresses }: Bind): boolean {
  return addresses[0] === '0.0.0.0' || addresses[0] === '::';
}

function cidrsOf({ bind }: OutboundPort): readonly string[] {
  return bind.cidr === undefined ? [] : [bind.cidr];
}

function routeTo(scope: Scope, rule: Rule, route: Parameters<typeof destinationsRoute>[2], { port, labels }: OutboundPort): TcpRoute {
  return destinationsRoute(scope, rule, route, { listenPort: port.number, portName: port.name, labels });
}

function trafficTo(route: TcpRoute, { service, port, ipFamilies }: OutboundPort): OutboundTraffic {
  const isDynamic = service.resolution === 'dynamic-dns' && port.protocol === 'TLS';
  const dynamicHost = isDynamic && { dynamicHost: { dnsCache: dnsCache(service.host, ipFamilies), port: port.number } };
  return { kind: 'tcp', direction: 'outbound', route, isMongo: port.protocol === 'Mongo', ...dynamicHost };
}

function clientOf({ namespace }: Scope, { port, labels }: OutboundPort): RouteClient {
  return { namespace, labels, listenPort: port.number, gateways: new Set([meshGateway]) };
}

function originOf(rule: Rule): { config: string } {
  return { config: configPath(rule) };
}
