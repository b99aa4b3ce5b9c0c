/** Outbound routes: a configuration for each port that some listener asks for, with the virtual hosts of all services that have it. */

import { create } from '@bufbuild/protobuf';
import { type RouteConfiguration, RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { type Built, isHttp, type RouteKey, type Scope } from '../../model/index.ts';
import { catchAllVirtualHost } from './catch-all.ts';
import { indexHosts } from './claim.ts';
import { domainsWithPort } from './domains.ts';
import type { Init } from './init.ts';
import { portPlans } from './port-plan.ts';
import { type VirtualHost, type VirtualHostPlan, virtualHosts } from './virtual-host.ts';

/**
 * A configuration named `PORT` for each port that carries HTTP for some visible service, one named `HOST:PORT` for each port that may turn out to,
 * and `http_proxy` if the mesh has a port for an HTTP proxy. Objects that cannot be translated do not get into a scope, so there are no problems.
 */
export function outboundRoutes(scope: Scope, key: RouteKey): Built<RouteConfiguration> {
  const builder = routeBuilder(scope, key);
  const ports = wantedPorts(scope).flatMap((wanted) => portConfigurations(builder, wanted));
  const configurations = scope.config.proxyHttpPort ? [...ports, httpProxyConfiguration(builder)] : ports;
  return { value: configurations.map((configuration) => create(RouteConfigurationSchema, configuration)), problems: [] };
}

type Configuration = Init<typeof RouteConfigurationSchema>;

interface RouteBuilder {
  /** Plans of a port's virtual hosts; port 0 stands for all ports. */
  plansOf(port: number): readonly VirtualHostPlan[];
  /** The virtual hosts as they go into a configuration. */
  hostsOf(plans: readonly VirtualHostPlan[]): VirtualHost[];
  readonly catchAll: VirtualHost;
}

function routeBuilder(scope: Scope, key: RouteKey): RouteBuilder {
  const index = indexHosts(scope.virtualServices);
  const attempts = countsAttempts(scope, key) ? { includeRequestAttemptCount: true } : {};
  return {
    plansOf: (port) => portPlans(scope, key, port, index),
    hostsOf: (plans) => virtualHosts(plans).map((host) => ({ ...host, ...attempts })),
    catchAll: { ...catchAllVirtualHost(scope.outboundTrafficPolicy), ...attempts },
  };
}

/** Whether applications are told which try of a request they see; the proxy's own settings outrank the mesh's. */
function countsAttempts({ config }: Scope, { proxyConfig }: RouteKey): boolean {
  return (proxyConfig ?? config.defaultConfig)?.proxyHeaders?.attemptCount?.disabled !== true;
}

/** A port, and the configurations that it needs. */
interface WantedPort {
  readonly port: number;
  /** Whether some service's protocol is known to be HTTP. */
  readonly isShared: boolean;
  /** Hosts whose protocol is found out connection by connection. */
  readonly sniffedHosts: readonly string[];
}

function wantedPorts({ services }: Scope): readonly WantedPort[] {
  const shared = new Set<number>();
  const sniffed = new Map<number, Set<string>>();
  for (const { host, ports } of services) {
    for (const { number, protocol } of ports) {
      if (isHttp(protocol)) shared.add(number);
      else if (protocol === 'Auto') sniffed.set(number, (sniffed.get(number) ?? new Set()).add(host));
    }
  }
  return [...new Set([...shared, ...sniffed.keys()])].map((port) => ({
    port,
    isShared: shared.has(port),
    sniffedHosts: [...(sniffed.get(port) ?? [])],
  }));
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
function httpProxyConfiguration(builder: RouteBuilder): Configuration {
  return configuration('http_proxy', [...builder.hostsOf(builder.plansOf(0).map(proxyPlan)), builder.catchAll]);
}

/** A host that only a VirtualService knows means port 80 there and has no other. */
function proxyPlan(plan: VirtualHostPlan): VirtualHostPlan {
  if (plan.isKnown) return { ...plan, domains: domainsWithPort(plan.domains, plan.port) };
  return plan.port === 80 ? plan : { ...plan, domains: { all: [], short: new Set() } };
}

/** Of answers that Envoy gives by itself. */
const maxBodyBytes = 1_048_576;

function configuration(name: string, hosts: VirtualHost[]): Configuration {
  return {
    name,
    virtualHosts: hosts,
    validateClusters: false,
    maxDirectResponseBodySizeBytes: maxBodyBytes,
    ignorePortInHostMatching: true,
  };
}
