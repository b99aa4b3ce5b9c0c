/** Outbound routes: the configurations that the HTTP chains of the proxy's listeners ask for. */

import { create } from '@bufbuild/protobuf';
import { type RouteConfiguration, RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { type Built, type EgressListener, listenerScope, type RouteKey, type Scope } from '../../model/index.ts';
import { httpPlans, routeNames } from '../listener/outbound-plan.ts';
import { catchAllVirtualHost } from './catch-all.ts';
import { indexHosts } from './claim.ts';
import { type Configuration, configuration, countsAttempts } from './configuration.ts';
import { domainsWithPort } from './domains.ts';
import { withForwardedHost } from './forwarded-host.ts';
import { portPlans } from './port-plan.ts';
import { type VirtualHost, type VirtualHostPlan, virtualHosts } from './virtual-host.ts';

/**
 * A configuration named `PORT` for each port on which services share a listener, one named `HOST:PORT` for each service whose protocol is found out
 * on a listener of its own, one named by its path for each socket file, and `http_proxy` for the mesh's HTTP proxy. Objects that cannot be translated
 * do not get into a scope, so there are no problems. Istio compatibility: names do not depend on which endpoints are the proxy's own.
 */
export function outboundRoutes(scope: Scope, key: RouteKey): Built<RouteConfiguration> {
  const builder = routeBuilder(scope, key);
  const names = routeNames(httpPlans(scope, { ...key, addresses: [] }));
  return { value: names.map((name) => create(RouteConfigurationSchema, routeConfiguration(builder, name))), problems: [] };
}

/** What a route's name says. */
interface NamedRoute {
  readonly name: string;
  /** 0 for all ports: those of socket files and of the mesh's HTTP proxy. */
  readonly port: number;
  /** Only the virtual host of one service. */
  readonly isSniffed: boolean;
}

const portName = /^\d+$/;
const sniffedName = /^[^/]+:(\d+)$/;

function parsedName(name: string): NamedRoute {
  const sniffedPort = sniffedName.exec(name)?.[1];
  if (sniffedPort !== undefined) return { name, port: Number(sniffedPort), isSniffed: true };
  return { name, port: portName.test(name) ? Number(name) : 0, isSniffed: false };
}

interface RouteBuilder {
  /** The listener whose services the configuration is about: the first one for its port, else that for all ports. */
  listenerOf(route: NamedRoute): EgressListener | undefined;
  /** Virtual hosts of a port of the listener's services, or of all ports (0). */
  hostsOf(listener: EgressListener | undefined, port: number): readonly VirtualHost[];
  readonly catchAll: VirtualHost;
}

function routeBuilder(scope: Scope, key: RouteKey): RouteBuilder {
  const headers = (key.proxyConfig ?? scope.config.defaultConfig)?.proxyHeaders;
  const attempts = countsAttempts(scope, key) ? { includeRequestAttemptCount: true } : {};
  const finished = (host: VirtualHost): VirtualHost => ({
    ...(headers?.xForwardedHost?.enabled === true ? withForwardedHost(host) : host),
    ...attempts,
  });
  const built = new Map<EgressListener, Map<number, readonly VirtualHost[]>>();
  return {
    listenerOf: ({ name, port }) =>
      scope.egressListeners.find((one) => one.port === undefined || (one.port.number === port && (port !== 0 || one.bind === name))),
    hostsOf(listener, port) {
      if (listener === undefined) return [];
      const ofListener = built.get(listener) ?? new Map<number, readonly VirtualHost[]>();
      built.set(listener, ofListener);
      const hosts = ofListener.get(port) ?? listenerHosts({ scope: listenerScope(scope, listener), key }, listener, port).map(finished);
      ofListener.set(port, hosts);
      return hosts;
    },
    catchAll: finished(catchAllVirtualHost(scope)),
  };
}

function listenerHosts(
  { scope, key }: { readonly scope: Scope; readonly key: RouteKey },
  listener: EgressListener,
  port: number,
): readonly VirtualHost[] {
  const plans = portPlans(scope, key, port, indexHosts(listener.virtualServices));
  return virtualHosts(port === 0 ? plans.map(proxyPlan) : plans);
}

function routeConfiguration(builder: RouteBuilder, name: string): Configuration {
  const route = parsedName(name);
  const listener = builder.listenerOf(route);
  const hosts = builder.hostsOf(listener, listener?.port?.protocol === 'HTTP_PROXY' ? 0 : route.port);
  if (!route.isSniffed) return configuration(name, [...hosts, builder.catchAll]);
  return configuration(
    name,
    hosts.filter((host) => host.name === name).map((host) => ({ ...host, domains: ['*'] })),
  );
}

/**
 * With ports, which tell services apart. A host that only a VirtualService knows means port 80 there and has no other. Istio compatibility: the port
 * of a request is ignored all the same, so that only domains of port 80 match.
 */
function proxyPlan(plan: VirtualHostPlan): VirtualHostPlan {
  if (plan.isKnown) return { ...plan, domains: domainsWithPort(plan.domains, plan.port) };
  return plan.port === 80 ? plan : { ...plan, domains: { all: [], short: new Set() } };
}
