import type { RouteKey, Scope } from '../../model/index.ts';
import { claimOf, type HostIndex } from './claim.ts';
import { defaultRoute } from './default-route.ts';
import { routeContext } from './destination.ts';
import { serviceDomains } from './domains.ts';
import { servicePortHash } from './hash-policy.ts';
import { type Route, virtualServiceRoutes } from './http-route.ts';
import { plainDomains, type VirtualHostPlan } from './virtual-host.ts';
import { aliasHost, type VisibleHost, visibleHosts } from './visible-host.ts';

/** Port that hosts are served on which nothing but a VirtualService knows. */
const webPort = 80;

/**
 * The virtual hosts of a port in the order in which they may take names and domains: those of VirtualServices first, then services that no
 * VirtualService has routes for.
 */
export function portPlans(scope: Scope, key: RouteKey, listenPort: number, index: HostIndex): readonly VirtualHostPlan[] {
  const hosts = visibleHosts(scope, key, listenPort);
  const context = routeContext(scope, key, listenPort);
  const plans: VirtualHostPlan[] = [];
  const routed = new Set<string>();
  for (const rule of scope.virtualServices) {
    const claim = claimOf(rule, index, hosts, (host) => aliasHost(scope, hosts, host));
    const ports = claimedPorts(claim.known);
    if (ports.length === 0 && listenPort !== webPort) continue;
    const routes = virtualServiceRoutes(rule, context);
    if (routes.length === 0) continue;
    for (const port of ports.length === 0 ? [webPort] : ports) {
      const known = claim.known.filter(({ httpPorts }) => httpPorts.includes(port));
      for (const { host } of known) routed.add(host);
      plans.push(...claim.unknown.map((host) => ({ host, isKnown: false, port, domains: plainDomains(host), routes })));
      plans.push(...known.map((host) => plan(host, port, routes, key)));
    }
  }
  const unrouted = [...hosts.values()].filter(({ host }) => !routed.has(host));
  return [...plans, ...unrouted.flatMap((host) => defaultPlans(host, scope, key))];
}

function claimedPorts(hosts: readonly VisibleHost[]): readonly number[] {
  return [...new Set(hosts.flatMap(({ httpPorts }) => httpPorts))];
}

function plan({ host, names }: VisibleHost, port: number, routes: readonly Route[], { dnsDomain }: RouteKey): VirtualHostPlan {
  return { host, isKnown: true, port, domains: serviceDomains(names, dnsDomain), routes };
}

function defaultPlans(visible: VisibleHost, scope: Scope, key: RouteKey): readonly VirtualHostPlan[] {
  const rule = scope.destinationRuleFor(visible.service, key.labels);
  return visible.httpPorts.map((port) => {
    const hash = rule && servicePortHash(rule.spec, port);
    return plan(visible, port, [defaultRoute({ host: visible.host, port, hash, retry: scope.config.defaultHttpRetryPolicy })], key);
  });
}
