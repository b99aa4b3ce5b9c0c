/** Gateways of the mesh, and the servers of one proxy that several of them may share. */

import type { ServerTls } from '../config/networking/gateway-tls.ts';
import type { Problem } from '../lib/problem.ts';
import { hasLabels, type Labels, type Selector } from './config-object.ts';
import { isHttp, type PortProtocol, type ServicePort } from './service.ts';

/** A Gateway, read: names of protocols, defaults and abbreviations are worked out. */
export interface GatewayResource {
  readonly name: string;
  readonly namespace: string;
  /** Gateway proxies that it is for; an empty one picks all. */
  readonly selector: Selector;
  readonly servers: readonly GatewayServer[];
}

export interface GatewayServer {
  /** Place in the object's list. */
  readonly index: number;
  /** For statistics; may be empty. */
  readonly name: string;
  readonly port: { readonly number: number; readonly name: string; readonly protocol: PortProtocol };
  /** Address or `unix:///PATH`; empty for all addresses. */
  readonly bind: string;
  readonly hosts: readonly ServerHost[];
  readonly tls?: ServerTls;
}

/** A host that VirtualServices of a namespace (`*`: of any) may be bound to. */
export interface ServerHost {
  readonly namespace: string;
  readonly host: string;
}

/** Everything that one gateway proxy listens for. */
export interface MergedGateway {
  /** In the order in which their first servers came. */
  readonly sockets: readonly GatewaySocket[];
  /** Servers that cannot be together with others. */
  readonly problems: readonly Problem[];
}

/** Servers behind one address and port. */
export interface GatewaySocket {
  /** Of the proxy: the target port of its service, where that has the servers' port. */
  readonly port: number;
  /** As servers give it; empty for all addresses. */
  readonly bind: string;
  /** `http`: one chain for all servers, whose hosts the route tells apart. `tls`: chains for each server, told apart by server name. `tcp`: one server. */
  readonly kind: 'http' | 'tls' | 'tcp';
  /** Those of `http` may differ in protocol: that of the first counts. */
  readonly servers: readonly PlacedServer[];
}

export interface PlacedServer extends GatewayServer {
  /** `NAMESPACE/NAME`, by which VirtualServices name it. */
  readonly gateway: string;
  /** Name of the route that its requests take; empty for servers that do not end in HTTP. */
  readonly routeName: string;
}

/** `NAMESPACE/NAME`. */
export function gatewayName({ namespace, name }: Pick<GatewayResource, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** Whether the Gateway is for proxies with the labels, in whatever namespace they run. */
export function selectsProxy({ selector }: GatewayResource, labels: Labels): boolean {
  return hasLabels(labels, selector);
}

/** TLS goes through to whoever is called. */
export function isPassthrough({ tls }: Pick<GatewayServer, 'tls'>): boolean {
  return tls !== undefined && (tls.mode === undefined || tls.mode === 'PASSTHROUGH' || tls.mode === 'AUTO_PASSTHROUGH');
}

/** HTTP inside TLS that ends here. */
export function isTerminatedHttps(server: Pick<GatewayServer, 'tls' | 'port'>): boolean {
  return server.port.protocol === 'HTTPS' && server.tls !== undefined && !isPassthrough(server);
}

/** What of a proxy the merging depends on. */
interface GatewayProxy {
  /** Ports of its services, the oldest service first, and its own ports behind them. */
  readonly serviceTargets: readonly { readonly port: Pick<ServicePort, 'number'>; readonly targetPort: number }[];
  readonly isUnprivileged: boolean;
}

/**
 * Servers of the Gateways by the sockets that they share: plain HTTP with plain HTTP, TLS with TLS. A server that cannot be together with an earlier
 * one is left out with a problem; the others stay.
 * @param gateways those that pick the proxy, the oldest first.
 */
export function mergeGateways(gateways: readonly GatewayResource[], proxy: GatewayProxy): MergedGateway {
  const taken: Taken = { sockets: new Map(), serverNames: new Map(), routes: new Set() };
  const problems: Problem[] = [];
  for (const gateway of gateways) {
    for (const server of gateway.servers) {
      const port = targetPort(server.port.number, proxy);
      const placed = { ...server, gateway: gatewayName(gateway), routeName: routeName(server, gateway, port) };
      const found = privileged(placed, port, proxy) ?? repeatedHost(placed, port, taken.serverNames) ?? added(placed, port, taken);
      if (found !== undefined) problems.push(problem(placed, found));
    }
  }
  return { sockets: [...taken.sockets.values()].map(inProtocolOrder), problems };
}

/** What earlier servers have. */
interface Taken {
  /** By port and address. */
  readonly sockets: Map<string, GatewaySocket>;
  /** Gateways by port, address and host. */
  readonly serverNames: Map<string, string>;
  readonly routes: Set<string>;
}

interface Finding {
  readonly code: string;
  /** Below the server. */
  readonly field: string;
  readonly message: string;
}

/** The first service that has the port says where the proxy listens for it. */
function targetPort(number: number, { serviceTargets }: GatewayProxy): number {
  return serviceTargets.find(({ port }) => port.number === number)?.targetPort ?? number;
}

/** Istio compatibility: routes of plain HTTP are named by the proxy's port, those of HTTPS by the server's. */
function routeName(server: GatewayServer, { name, namespace }: GatewayResource, port: number): string {
  const bind = server.bind === '' ? '' : `.${server.bind}`;
  if (isHttp(server.port.protocol)) return `http.${port}${bind}`;
  return isTerminatedHttps(server) ? `https.${server.port.number}.${server.port.name}.${name}.${namespace}${bind}` : '';
}

function privileged({ bind }: PlacedServer, port: number, { isUnprivileged }: GatewayProxy): Finding | undefined {
  if (!isUnprivileged || port >= 1024 || bind.startsWith('unix://')) return undefined;
  return {
    code: 'privileged-gateway-port',
    field: 'port.number',
    message: `port ${port} needs privileges that the gateway's pods do not have; give the service of the gateway a target port of 1024 or more`,
  };
}

/** Envoy refuses two chains for one server name, so all hosts of a server have to be new. */
function repeatedHost({ bind, hosts, tls, gateway }: PlacedServer, port: number, serverNames: Map<string, string>): Finding | undefined {
  if (tls === undefined) return undefined;
  const keys = hosts.map(({ host }) => `${port} ${bind} ${host}`);
  const index = keys.findIndex((key) => serverNames.has(key));
  if (index === -1) {
    for (const key of keys) serverNames.set(key, gateway);
    return undefined;
  }
  return {
    code: 'conflicting-gateway-host',
    field: `hosts[${index}]`,
    message: `the host is already served on port ${port} by Gateway ${serverNames.get(keys[index] ?? '') ?? ''}; the server is left out`,
  };
}

function added(server: PlacedServer, port: number, { sockets, routes }: Taken): Finding | undefined {
  const key = `${port} ${server.bind}`;
  const kind = kindOf(server);
  const current = sockets.get(key);
  if (current !== undefined && (current.kind !== kind || kind === 'tcp')) return conflict(current, port);
  if (kind === 'tls' && server.routeName !== '' && routes.has(server.routeName)) {
    return {
      code: 'conflicting-gateway-port',
      field: 'port.name',
      message: 'the name is already that of another server; the server is left out',
    };
  }
  routes.add(server.routeName);
  sockets.set(key, { port, bind: server.bind, kind, servers: [...(current?.servers ?? []), server] });
  return undefined;
}

function kindOf({ port, tls }: GatewayServer): GatewaySocket['kind'] {
  if (isHttp(port.protocol)) return 'http';
  return tls === undefined ? 'tcp' : 'tls';
}

function conflict({ kind, servers }: GatewaySocket, port: number): Finding {
  const what = { http: 'plain HTTP', tls: 'TLS', tcp: 'TCP' }[kind];
  return {
    code: 'conflicting-gateway-port',
    field: 'port',
    message: `port ${port} is already taken for ${what} by Gateway ${servers[0]?.gateway ?? ''}; the server is left out`,
  };
}

function problem({ gateway, index }: PlacedServer, { code, field, message }: Finding): Problem {
  return { code, severity: 'warning', object: `Gateway ${gateway}`, path: `spec.servers[${index}].${field}`, message };
}

/** TLS servers of one protocol stand together, that of the first server first. */
function inProtocolOrder(socket: GatewaySocket): GatewaySocket {
  if (socket.kind !== 'tls') return socket;
  return { ...socket, servers: [...Map.groupBy(socket.servers, ({ port }) => port.protocol).values()].flat() };
}

/** Whether callers of other networks may go through to every service that speaks the mesh's mutual TLS. */
export function passesMeshTraffic({ sockets }: MergedGateway): boolean {
  return sockets.some(({ servers }) => servers.some(({ tls }) => tls?.mode === 'AUTO_PASSTHROUGH'));
}
