/** Outbound routes: a configuration for each port that some listener asks for, with the virtual hosts of all services that have it. */

import { create } from '@bufbuild/protobuf';
import { type RouteConfiguration, RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { type Built, type EgressListener, isHttp, listenerScope, type RouteKey, type Scope } from '../../model/index.ts';
import { catchAllVirtualHost } from './catch-all.ts';
import { indexHosts } from './claim.ts';
import { type Configuration, configuration, countsAttempts } from './configuration.ts';
import { domainsWithPort } from './domains.ts';
import { portPlans } from './port-plan.ts';
import { type VirtualHost, type VirtualHostPlan, virtualHosts } from './virtual-host.ts';

/**
 * A configuration named `PORT` for each port that carries HTTP for some service that is listened for, one named `HOST:PORT` for each port that may
 * turn out to, one named by its path for each socket file, and `http_proxy` if the mesh has a port for an HTTP proxy. Objects that cannot be translated do not get into a scope, so there are no problems.
 */
export function outboundRoutes(scope: Scope, key: RouteKey): Built<RouteConfiguration> {
  const builder = routeBuilder(scope, key);
  const ports = wantedPorts(scope).flatMap((wanted) => portConfigurations(builder, wanted));
  const proxies = [...wantedProxies(scope), ...(scope.config.proxyHttpPort ? [{ name: 'http_proxy', port: 0 }] : [])];
  const configurations = [...ports, ...proxies.map((wanted) => proxyConfiguration(builder, wanted))];
  return { value: configurations.map((configuration) => create(RouteConfigurationSchema, configuration)), problems: [] };
}

interface RouteBuilder {
  /** Plans of a port's virtual hosts. */
  plansOf(port: number): readonly VirtualHostPlan[];
  /** Those of all ports of the services of one listener. */
  proxyPlansOf(wanted: WantedProxy): readonly VirtualHostPlan[];
  /** The virtual hosts as they go into a configuration. */
  hostsOf(plans: readonly VirtualHostPlan[]): VirtualHost[];
  readonly catchAll: VirtualHost;
}

function routeBuilder(scope: Scope, key: RouteKey): RouteBuilder {
  const parts = scope.egressListeners.map((listener) => ({
    listener,
    scope: listenerScope(scope, listener),
    index: indexHosts(listener.virtualServices),
  }));
  const plans = (listener: EgressListener | undefined, port: number): readonly VirtualHostPlan[] => {
    const part = parts.find((one) => one.listener === listener);
    return part === undefined ? [] : portPlans(part.scope, key, port, part.index);
  };
  const attempts = countsAttempts(scope, key) ? { includeRequestAttemptCount: true } : {};
  return {
    plansOf: (port) => plans(listenerOf(scope, { name: String(port), port }), port),
    proxyPlansOf: (wanted) => plans(listenerOf(scope, wanted), 0),
    hostsOf: (plans) => virtualHosts(plans).map((host) => ({ ...host, ...attempts })),
    catchAll: { ...catchAllVirtualHost(scope), ...attempts },
  };
}

/** A configuration for all ports of the services that a listener is for. */
interface WantedProxy {
  readonly name: string;
  /** Of the listener; 0 for socket files and for the mesh's own HTTP proxy. */
  readonly port: number;
}

/** The listener whose services a configuration is about: the first one for the port, else that for all ports. */
function listenerOf({ egressListeners }: Scope, { name, port }: WantedProxy): EgressListener | undefined {
  return egressListeners.find((one) => one.port === undefined || (one.port.number === port && (port !== 0 || one.bind === name)));
}

/** A port, and the configurations that it needs. */
interface WantedPort {
  readonly port: number;
  /** Whether some service's protocol is known to be HTTP. */
  readonly isShared: boolean;
  /** Hosts whose protocol is found out connection by connection. */
  readonly sniffedHosts: readonly string[];
}

function wantedPorts({ egressListeners }: Scope): readonly WantedPort[] {
  const shared = new Set<number>();
  const sniffed = new Map<number, Set<string>>();
  for (const { host, number, protocol } of egressListeners.filter((listener) => !isProxy(listener)).flatMap(listenedPorts)) {
    if (isHttp(protocol)) shared.add(number);
    else if (protocol === 'Auto') sniffed.set(number, (sniffed.get(number) ?? new Set()).add(host));
  }
  return [...new Set([...shared, ...sniffed.keys()])].map((port) => ({
    port,
    isShared: shared.has(port),
    sniffedHosts: [...(sniffed.get(port) ?? [])],
  }));
}

/** A listener's own port says what is spoken there, whatever the services say. */
function listenedPorts({ port, services }: EgressListener) {
  return services.flatMap(({ host, ports }) =>
    (port === undefined ? ports : [port]).map(({ number, protocol }) => ({ host, number, protocol })),
  );
}

function isProxy({ port }: EgressListener): boolean {
  return port !== undefined && (port.number === 0 || port.protocol === 'HTTP_PROXY');
}

function wantedProxies({ egressListeners }: Scope): readonly WantedProxy[] {
  const proxies = egressListeners.filter((listener) => isProxy(listener) && listener.services.length > 0);
  return proxies.flatMap(({ port, bind }) =>
    port && (isHttp(port.protocol) || port.protocol === 'Auto')
      ? [{ name: port.number === 0 ? bind : String(port.number), port: port.number }]
      : [],
  );
}

function portConfigurations(builder: RouteBuilder, { port, isShared, sniffedHosts }: WantedPort): Configuration[] {
  const hosts = builder.hostsOf(builder.plansOf(port));
  const sniffed = sniffedHosts.map((host) => {
    const name = `${host}:${port}`;
    const own = hosts.filter((virtualHost) => virtualHost.name === name).map((virtualHost) => ({ ...virtualHost, domains: ['*'] }));
    return configuration(name, own);
  });
  return isShared ? [configuration(String(port), [...hosts, builder.catchAll]), ...sniffed] : sniffed;
}

/** Domains with ports tell services apart. Istio compatibility: the port of a request is ignored all the same, so that only those of port 80 match. */
function proxyConfiguration(builder: RouteBuilder, wanted: WantedProxy): Configuration {
  return configuration(wanted.name, [...builder.hostsOf(builder.proxyPlansOf(wanted).map(proxyPlan)), builder.catchAll]);
}

/** A host that only a VirtualService knows means port 80 there and has no other. */
function proxyPlan(plan: VirtualHostPlan): VirtualHostPlan {
  if (plan.isKnown) return { ...plan, domains: domainsWithPort(plan.domains, plan.port) };
  return plan.port === 80 ? plan : { ...plan, domains: { all: [], short: new Set() } };
}
