/** Outbound routes: a configuration for each port that some listener asks for, with the virtual hosts of all services that have it. */

import { create } from '@bufbuild/protobuf';
import { type RouteConfiguration, RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import type { Problem } from '../../lib/problem.ts';
import { type Built, isHttp, type RouteKey, type Scope } from '../../model/index.ts';
import { catchAllVirtualHost } from './catch-all.ts';
import { type HostIndex, indexHosts } from './claim.ts';
import { portPlans } from './port-plan.ts';
import { type VirtualHost, virtualHosts } from './virtual-host.ts';

/**
 * A configuration named `PORT` for each port that carries HTTP for some visible service, and one named `HOST:PORT` for each port that may turn out to.
 */
export function outboundRoutes(scope: Scope, key: RouteKey): Built<RouteConfiguration> {
  const index = indexHosts(scope.virtualServices);
  const fullNames = new Set(scope.services.map(({ host }) => host));
  const problems = new Map<string, Problem>();
  const value = wantedPorts(scope).flatMap((wanted) => {
    const plans = portPlans(scope, key, wanted.port, index);
    for (const problem of plans.problems) problems.set(`${problem.object} ${problem.path} ${problem.message}`, problem);
    return portConfigurations(scope, wanted, virtualHosts(plans.value, fullNames));
  });
  return { value, problems: [...problems.values()] };
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

function portConfigurations(scope: Scope, { port, isShared, sniffedHosts }: WantedPort, hosts: readonly VirtualHost[]): RouteConfiguration[] {
  const catchAll = catchAllVirtualHost(scope.outboundTrafficPolicy);
  const sniffed = sniffedHosts.map((host) => {
    const name = `${host}:${port}`;
    const own = hosts.filter((virtualHost) => virtualHost.name === name);
    return routeConfiguration(name, own.map((virtualHost) => ({ ...virtualHost, domains: ['*'] })));
  });
  return isShared ? [routeConfiguration(String(port), [...hosts, catchAll]), ...sniffed] : sniffed;
}

function routeConfiguration(name: string, hosts: readonly VirtualHost[]): RouteConfiguration {
  return create(RouteConfigurationSchema, {
    name,
    virtualHosts: [...hosts],
    validateClusters: false,
    maxDirectResponseBodySizeBytes: maxBodyBytes,
    ignorePortInHostMatching: true,
  });
}

/** Of answers that Envoy gives by itself. */
const maxBodyBytes = 1_048_576;
