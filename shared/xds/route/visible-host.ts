import { isHeadless, isHttp, type RouteKey, type Scope, type Service, type ServicePort } from '../../model/index.ts';
import { type HostNames, usableAddresses } from './domains.ts';

/** A host that a route configuration may have a virtual host for. */
export interface VisibleHost {
  readonly host: string;
  readonly names: HostNames;
  /** The oldest service of the host; for an alias that which it stands for. */
  readonly service: Service;
  /** Numbers of its ports of interest that carry HTTP, or may. */
  readonly httpPorts: readonly number[];
}

/**
 * Hosts that have the port, by name, the oldest first.
 * @param listenPort 0 for all ports.
 */
export function visibleHosts(scope: Scope, key: RouteKey, listenPort: number): ReadonlyMap<string, VisibleHost> {
  const groups = new Map<string, Service[]>();
  for (const service of scope.services) {
    if (!service.ports.some(isOfInterest(listenPort))) continue;
    const group = groups.get(service.host);
    if (group) group.push(service);
    else groups.set(service.host, [service]);
  }
  return new Map(
    [...groups].flatMap(([host, [first, ...others]]) => (first ? [[host, visibleHost(scope, key, listenPort, [first, ...others])]] : [])),
  );
}

/** An alias as a host of its own, for a VirtualService that names it; nothing if it is none, or its service lacks the port. */
export function aliasHost(scope: Scope, hosts: ReadonlyMap<string, VisibleHost>, alias: string): VisibleHost | undefined {
  const service = scope.serviceOf(alias);
  const target = service && hosts.get(service.host);
  if (!target || target.host === alias) return undefined;
  return { ...target, host: alias, names: { hosts: [alias], addresses: [], hasPodNames: false } };
}

/** HTTP ports, and those of which only the first bytes tell. */
export function mayBeHttp({ protocol }: ServicePort): boolean {
  return isHttp(protocol) || protocol === 'Auto';
}

/** Istio compatibility: a host of a ServiceEntry with several addresses is a service for each of them, and the last one's address counts. */
function visibleHost(scope: Scope, key: RouteKey, listenPort: number, services: readonly [Service, ...Service[]]): VisibleHost {
  const [service] = services;
  const ports = services.flatMap((one) => one.ports).filter((port) => isOfInterest(listenPort)(port) && mayBeHttp(port));
  return {
    host: service.host,
    names: {
      hosts: [service.host, ...scope.aliasesOf(service)],
      addresses: usableAddresses(services.at(-1) ?? service, key, scope.features),
      hasPodNames: isHeadless(service),
    },
    service,
    httpPorts: [...new Set(ports.map(({ number }) => number))],
  };
}

function isOfInterest(listenPort: number): (port: ServicePort) => boolean {
  return ({ number, protocol }) => protocol !== 'UDP' && (listenPort === 0 || number === listenPort);
}
