/** The filter chains of one socket of a gateway. */

import type { TransportSocket } from '../../gen/envoy/config/core/v3/base_pb.js';
import {
  type GatewaySocket,
  isPassthrough,
  isTerminatedHttps,
  objectName,
  type PlacedServer,
  type Scope,
  type Service,
} from '../../model/index.ts';
import { boundVirtualServices, commonHosts, type GatewayRule, serverHostsFor } from '../gateway-binding.ts';
import { clusterServerName, statisticsName } from '../names.ts';
import { gatewayTls } from '../tls/gateway.ts';
import type { ChainMatch } from './filter-chain-match.ts';
import { istioAny } from './inbound-match.ts';
import type { GatewayListenerKey } from './keys.ts';
import type { OutboundTraffic } from './outbound-entry.ts';
import { destinationsRoute, namedClusterRoute } from './tcp-route.ts';

/** A chain of a gateway's listener before its filters are made. */
export interface GatewayChain {
  readonly match: ChainMatch;
  readonly traffic: OutboundTraffic;
  /** Absent where TLS does not end here, or is not there. */
  readonly transportSocket?: TransportSocket;
  /** The object and field that asks for it. */
  readonly source: { readonly object: string; readonly path: string };
}

/** A socket and the name of its listener. */
interface NamedSocket {
  readonly socket: GatewaySocket;
  readonly name: string;
}

/** Servers of plain HTTP share one chain; each other server has its own. */
export function socketChains(scope: Scope, key: GatewayListenerKey, { socket, name }: NamedSocket): readonly GatewayChain[] {
  const [first] = socket.servers;
  if (first === undefined) return [];
  if (socket.kind === 'http') return [{ match: {}, traffic: httpTraffic(first, statPrefixOf(name)), source: sourceOf(first) }];
  return socket.servers.flatMap((server) => {
    if (isTerminatedHttps(server)) return [terminatedHttpChain(scope, key, { server, name })];
    if (!isPassthrough(server)) return tcpChains(scope, key, server);
    return server.tls?.mode === 'AUTO_PASSTHROUGH' ? meshTrafficChains(scope, key, server) : sniChains(scope, key, server);
  });
}

function sourceOf({ gateway, index }: PlacedServer): GatewayChain['source'] {
  return { object: `Gateway ${gateway}`, path: `spec.servers[${index}]` };
}

function statPrefixOf(name: string): string {
  return statisticsName(`outbound_${name}`);
}

function httpTraffic({ routeName, port }: PlacedServer, statPrefix: string): OutboundTraffic {
  return {
    kind: 'http',
    direction: 'gateway',
    statPrefix,
    route: routeName,
    isHttp2: false,
    isGrpcWeb: port.protocol === 'GRPC-Web',
    isProxy: false,
  };
}

interface NamedServer {
  readonly server: PlacedServer;
  /** Of the listener. */
  readonly name: string;
}

/** Istio compatibility: a server's own name in statistics has no delimiter at its end. */
function terminatedHttpChain(scope: Scope, key: GatewayListenerKey, { server, name }: NamedServer): GatewayChain {
  return {
    match: { serverNames: serverNames(server) },
    traffic: httpTraffic(server, server.name === '' ? statPrefixOf(name) : server.name),
    ...terminated(scope, key, server),
    source: sourceOf(server),
  };
}

function serverNames({ hosts }: PlacedServer): readonly string[] {
  return [...new Set(hosts.map(({ host }) => host))];
}

function terminated(scope: Scope, { serverCertificate }: GatewayListenerKey, server: PlacedServer): Pick<GatewayChain, 'transportSocket'> {
  if (server.tls === undefined) return {};
  const traffic = isTerminatedHttps(server) ? 'http' : 'tcp';
  return { transportSocket: gatewayTls(server.tls, { config: scope.config, traffic, serverCertificate }) };
}

/** What the server takes goes to the first TCP route that is for it; without any it is not listened for. */
function tcpChains(scope: Scope, key: GatewayListenerKey, server: PlacedServer): readonly GatewayChain[] {
  const context = { listenPort: server.port.number, portName: server.port.name, labels: key.labels };
  for (const rule of rulesFor(scope, server)) {
    for (const { match = [], route = [] } of rule.spec.tcp ?? []) {
      if (route.length === 0 || (match.length > 0 && !match.some((one) => isFor(one, server)))) continue;
      const tcpRoute = destinationsRoute(scope, rule, route, context);
      const isFromMesh = server.tls?.mode === 'ISTIO_MUTUAL' && ({ isFromMesh: true } as const);
      const traffic = { kind: 'tcp', direction: 'gateway', route: tcpRoute, isMongo: false, ...isFromMesh } as const;
      const names = server.tls === undefined ? [] : serverNames(server);
      return [{ match: { serverNames: names }, traffic, ...terminated(scope, key, server), source: sourceOf(server) }];
    }
  }
  return [];
}

/** VirtualServices that have a host in common with the server. */
function rulesFor(scope: Scope, server: PlacedServer): readonly GatewayRule[] {
  return boundVirtualServices(scope, server.gateway).filter(({ namespace, spec }) => {
    return commonHosts(serverHostsFor(server, namespace), spec.hosts ?? []).length > 0;
  });
}

interface ServerMatch {
  readonly port?: number;
  readonly gateways?: readonly string[];
}

/** Istio compatibility: labels and namespace of the source are not looked at, and the port is the server's own. */
function isFor({ port, gateways = [] }: ServerMatch, server: PlacedServer): boolean {
  return (!port || port === server.port.number) && (gateways.length === 0 || gateways.includes(server.gateway));
}

/** A chain for each match of a TLS route, by the names that clients ask for. */
function sniChains(scope: Scope, { labels }: GatewayListenerKey, server: PlacedServer): readonly GatewayChain[] {
  return rulesFor(scope, server).flatMap((rule) =>
    tlsMatches(rule)
      .filter(({ match, route }) => route.length > 0 && isFor(match, server))
      .map(({ match, route, source }) => {
        const tcpRoute = destinationsRoute(scope, rule, route, { listenPort: server.port.number, portName: server.port.name, labels });
        const traffic = { kind: 'tcp', direction: 'gateway', route: tcpRoute, isMongo: false } as const;
        return { match: { serverNames: match.sniHosts ?? [] }, traffic, source };
      }),
  );
}

function tlsMatches(rule: GatewayRule) {
  return (rule.spec.tls ?? []).flatMap(({ match = [], route = [] }, index) =>
    match.map((one, place) => ({
      match: one,
      route,
      source: { object: objectName(rule), path: `spec.tls[${index}].match[${place}]` },
    })),
  );
}

/**
 * To every port and subset of the services that the server's hosts cover, by the server name and the protocols of the mesh's mutual TLS: nobody else
 * gets through.
 */
function meshTrafficChains(scope: Scope, { labels }: GatewayListenerKey, server: PlacedServer): readonly GatewayChain[] {
  const hosts = serverNames(server);
  return scope.services
    .filter((service) => isPassedOn(service, hosts))
    .flatMap((service) => {
      const rule = scope.destinationRuleFor(service, labels);
      const subsets = ['', ...(rule?.spec.subsets ?? []).map(({ name = '' }) => name)];
      return service.ports
        .filter(({ protocol }) => protocol !== 'UDP')
        .flatMap(({ number }) =>
          subsets.map((subset): GatewayChain => {
            const name = clusterServerName(service.host, number, subset);
            const route = namedClusterRoute(scope, { name, service, subset }, labels);
            return {
              match: { serverNames: [name], applicationProtocols: istioAny },
              traffic: { kind: 'tcp', direction: 'gateway', route, isMongo: false },
              source: sourceOf(server),
            };
          }),
        );
    });
}

function isPassedOn({ host, isMeshExternal }: Service, hosts: readonly string[]): boolean {
  return !isMeshExternal && (hosts.length === 0 || commonHosts(hosts, [host]).length > 0);
}
