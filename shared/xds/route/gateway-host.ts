/** Virtual hosts of gateways: the routes of all VirtualServices that are bound to a host, one after the other. */

import { VirtualHost_TlsRequirementType } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { compareText } from '../../lib/compare-text.ts';
import { isWildcard } from '../../lib/host.ts';
import type { Route } from './http-route.ts';
import { isCatchAll, type RouteMatch } from './match.ts';
import { plainDomains, type VirtualHost } from './virtual-host.ts';

/** Routes of one VirtualService for one gateway. */
export interface RouteGroup {
  /** Equal ids, equal routes. */
  readonly id: string;
  readonly routes: readonly Route[];
}

/** A host of a gateway before it is a virtual host. */
export interface GatewayHost {
  readonly host: string;
  /** Of the first server that has it. */
  readonly port: number;
  readonly groups: readonly RouteGroup[];
  /** Every request is sent to HTTPS. */
  readonly redirects: boolean;
}

/** Hosts that are served alike. */
export type HostGroup = readonly [GatewayHost, ...GatewayHost[]];

/** Hosts with the same routes together, so that Envoy holds the routes once; the most specific host first. */
export function collapsed(hosts: readonly GatewayHost[]): readonly HostGroup[] {
  const alike = new Map<string, [GatewayHost, ...GatewayHost[]]>();
  for (const host of [...hosts].sort((a, b) => bySpecificity(a.host, b.host))) {
    const key = JSON.stringify([host.redirects, ...host.groups.map(({ id }) => id)]);
    const group = alike.get(key);
    if (group === undefined) alike.set(key, [host]);
    else group.push(host);
  }
  return [...alike.values()];
}

/** It has the name of its first host. Routes for every request go behind all others, whoever they come from. */
export function gatewayVirtualHost([first, ...others]: HostGroup): VirtualHost {
  const routes = first.groups.flatMap((group) => group.routes);
  // Matches are plain data until the configuration is created.
  const isLast = ({ match }: Route): boolean => isCatchAll((match ?? {}) as RouteMatch);
  return {
    name: `${plainDomains(first.host).all[0] ?? ''}:${first.port}`,
    domains: [first, ...others].flatMap(({ host }) => plainDomains(host).all),
    routes: [...routes.filter((route) => !isLast(route)), ...routes.filter(isLast)],
    ...(first.redirects && { requireTls: VirtualHost_TlsRequirementType.ALL }),
  };
}

/** Names before wildcards, longer ones before shorter ones. */
function bySpecificity(a: string, b: string): number {
  return Number(isWildcard(a)) - Number(isWildcard(b)) || b.length - a.length || compareText(a, b);
}
