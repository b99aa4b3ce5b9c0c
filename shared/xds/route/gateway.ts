/** Routes of gateway proxies: a configuration for each port of plain HTTP, and one for each server that ends HTTPS. */

import { create } from '@bufbuild/protobuf';
import { type RouteConfiguration, RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { compareText } from '../../lib/compare-text.ts';
import type { Built, GatewayRouteKey, PlacedServer, Scope } from '../../model/index.ts';
import { boundVirtualServices, commonHosts, type GatewayRule, serverHostsFor } from '../gateway-binding.ts';
import { configuration, countsAttempts } from './configuration.ts';
import { gatewayRouteContext } from './destination.ts';
import { collapsed, type GatewayHost, gatewayVirtualHost, type RouteGroup } from './gateway-host.ts';
import { virtualServiceRoutes } from './http-route.ts';
import type { VirtualHost } from './virtual-host.ts';

/** Objects that cannot be translated do not get into a scope, so there are no problems. */
export function gatewayRoutes(scope: Scope, key: GatewayRouteKey): Built<RouteConfiguration> {
  const servers = (key.gateway?.sockets ?? []).flatMap((socket) => socket.servers).filter(({ routeName }) => routeName !== '');
  const attempts = countsAttempts(scope, key) ? { includeRequestAttemptCount: true } : {};
  const value = [...Map.groupBy(servers, ({ routeName }) => routeName)].map(([name, group]) =>
    create(
      RouteConfigurationSchema,
      configuration(
        name,
        virtualHosts(scope, key, group).map((host) => withAttempts(host, attempts)),
      ),
    ),
  );
  return { value, problems: [] };
}

/** Nobody routes anything: there is nothing to count. */
function withAttempts(host: VirtualHost, attempts: Pick<VirtualHost, 'includeRequestAttemptCount'>): VirtualHost {
  return isBlackHole(host) ? host : { ...host, ...attempts };
}

function isBlackHole({ name = '' }: VirtualHost): boolean {
  return name.startsWith(blackHole);
}

const blackHole = 'blackhole:';

function virtualHosts(scope: Scope, key: GatewayRouteKey, servers: readonly PlacedServer[]): readonly VirtualHost[] {
  const hosts = hostsOf(scope, key, servers);
  if (hosts.length === 0) return [{ name: `${blackHole}${servers[0]?.port.number ?? 0}`, domains: ['*'] }];
  return collapsed(hosts)
    .map(gatewayVirtualHost)
    .sort((one, other) => compareText(one.name ?? '', other.name ?? ''));
}

/** Hosts by name. Of several servers with one host the first gives the port in its name; all of them add routes. */
function hostsOf(scope: Scope, key: GatewayRouteKey, servers: readonly PlacedServer[]): readonly GatewayHost[] {
  const hosts = new Map<string, GatewayHost>();
  const groups = new Map<string, RouteGroup>();
  for (const server of servers) {
    const port = server.port.number;
    const redirects = server.tls?.httpsRedirect === true;
    const add = (host: string, routes: readonly RouteGroup[]): void => {
      const known = hosts.get(host) ?? { host, port, groups: [], redirects: false };
      hosts.set(host, { ...known, groups: [...known.groups, ...routes], redirects: known.redirects || redirects });
    };
    for (const rule of boundVirtualServices(scope, server.gateway)) {
      const bound = commonHosts(serverHostsFor(server, rule.namespace), rule.spec.hosts ?? []);
      if (bound.length === 0) continue;
      const group = groupOf(groups, { scope, key, server, rule });
      for (const host of bound) add(host, [group]);
    }
    if (redirects) for (const { host } of server.hosts) add(host, []);
  }
  return [...hosts.values()];
}

interface GroupInput {
  readonly scope: Scope;
  readonly key: GatewayRouteKey;
  readonly server: PlacedServer;
  readonly rule: GatewayRule;
}

/** Istio compatibility: a VirtualService has the routes that it has for the first server of a gateway, also where others listen on another port. */
function groupOf(groups: Map<string, RouteGroup>, { scope, key, server, rule }: GroupInput): RouteGroup {
  const id = `${server.gateway} ${rule.namespace}/${rule.name}`;
  const known = groups.get(id);
  if (known !== undefined) return known;
  const client = {
    gateways: new Set([server.gateway]),
    listenPort: server.port.number,
    ...(server.tls !== undefined && ({ endsTls: true } as const)),
  };
  const group = { id, routes: virtualServiceRoutes(rule, gatewayRouteContext(scope, key, client)) };
  groups.set(id, group);
  return group;
}
