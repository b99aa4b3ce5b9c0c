import type { VirtualService } from '../config/networking/virtual-service.ts';
import type { ConfigObject } from './config-object.ts';
import { findDestinationRule } from './destination-rules.ts';
import type { Endpoint } from './endpoint.ts';
import { meshGateway } from './full-names.ts';
import type { Mesh } from './mesh.ts';
import type { Scope } from './scope.ts';
import { byAge, type Service } from './service.ts';
import { decodeExportTo, isVisibleTo } from './visibility.ts';

/** What the proxies of a namespace see without a Sidecar resource: everything that is exported to them. */
export function buildScope(mesh: Mesh, namespace: string): Scope {
  const visible = oneForEachHost(
    mesh.services.filter(({ visibility }) => isVisibleTo(visibility, namespace)),
    namespace,
  );
  const services = visible.filter(({ resolution }) => resolution !== 'alias');
  const byHost = firstByHost(services);
  const targets = aliasTargets(visible, byHost);
  const serviceOf = (host: string): Service | undefined => byHost.get(host) ?? byHost.get(targets.get(host) ?? '');
  return {
    namespace,
    config: mesh.config,
    features: mesh.features,
    services,
    serviceOf,
    aliasesOf: ({ host }) => [...targets].filter(([, target]) => target === host).map(([alias]) => alias),
    endpointsOf: (service) => mesh.endpoints.get(serviceKey(service)) ?? noEndpoints,
    virtualServices: visibleVirtualServices(mesh, namespace),
    destinationRuleFor: ({ host, namespace: serviceNamespace }, labels) =>
      findDestinationRule(mesh.destinationRules, { host, serviceNamespace, namespace, labels }),
    gatewaysOf: (network) => mesh.networkGateways.get(network) ?? [],
    outboundTrafficPolicy: mesh.config.outboundTrafficPolicy?.mode === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
  };
}

const noEndpoints: readonly Endpoint[] = [];

/** What endpoints of a service are stored under. */
export function serviceKey({ namespace, host }: Pick<Service, 'namespace' | 'host'>): string {
  return `${namespace}/${host}`;
}

/**
 * Of services with one host in several namespaces Kubernetes' own wins, so that nobody takes over its name by a ServiceEntry, then the caller's
 * namespace, then the oldest. Several of one namespace are kept if they differ in their addresses; else their ports join.
 */
function oneForEachHost(services: readonly Service[], namespace: string): readonly Service[] {
  const winners = new Map<string, Service[]>();
  for (const service of services) {
    const group = winners.get(service.host);
    const first = group?.[0];
    if (group === undefined || first === undefined) winners.set(service.host, [service]);
    else if (isSameOrigin(first, service)) addToGroup(group, service);
    else if (rank(service, namespace) < rank(first, namespace)) winners.set(service.host, [service]);
  }
  return [...winners.values()].flat().sort(byAge);
}

function rank({ registry, namespace: own }: Service, namespace: string): number {
  return (registry === 'Kubernetes' ? 0 : 2) + (own === namespace ? 0 : 1);
}

function isSameOrigin(a: Service, b: Service): boolean {
  return a.namespace === b.namespace && a.registry === b.registry;
}

function addToGroup(group: Service[], service: Service): void {
  const index = group.findIndex(({ addresses }) => addresses.join() === service.addresses.join());
  const same = group[index];
  if (same === undefined) {
    group.push(service);
    return;
  }
  if (same.resolution !== service.resolution) return;
  const known = new Set(same.ports.map(({ number }) => number));
  group[index] = { ...same, ports: [...same.ports, ...service.ports.filter(({ number }) => !known.has(number))] };
}

function firstByHost(services: readonly Service[]): ReadonlyMap<string, Service> {
  const byHost = new Map<string, Service>();
  for (const service of services) if (!byHost.has(service.host)) byHost.set(service.host, service);
  return byHost;
}

/** Host of each alias whose chain of names ends at a visible service. */
function aliasTargets(services: readonly Service[], byHost: ReadonlyMap<string, Service>): ReadonlyMap<string, string> {
  const next = new Map(services.flatMap(({ host, aliasOf }) => (aliasOf === undefined ? [] : [[host, aliasOf] as const])));
  const targets = new Map<string, string>();
  for (const alias of next.keys()) {
    const passed = new Set<string>();
    let host: string | undefined = alias;
    while (host !== undefined && !passed.has(host) && !byHost.has(host)) {
      passed.add(host);
      host = next.get(host);
    }
    if (host !== undefined && byHost.has(host)) targets.set(alias, host);
  }
  return targets;
}

/** Private ones first, then those exported to the namespace by name, then everybody's; each group the oldest first. */
function visibleVirtualServices({ virtualServices, config }: Mesh, namespace: string): readonly ConfigObject<VirtualService>[] {
  const defaultExportTo = config.defaultVirtualServiceExportTo ?? ['*'];
  const groups: [ConfigObject<VirtualService>[], ConfigObject<VirtualService>[], ConfigObject<VirtualService>[]] = [[], [], []];
  for (const object of virtualServices) {
    const { gateways = [], exportTo = [] } = object.spec;
    if (gateways.length > 0 && !gateways.includes(meshGateway)) continue;
    const visibility = decodeExportTo(exportTo, object.namespace, defaultExportTo);
    if (!isVisibleTo(visibility, namespace)) continue;
    if (visibility.has('*')) groups[2].push(object);
    else if (object.namespace === namespace && visibility.size === 1) groups[0].push(object);
    else groups[1].push(object);
  }
  return groups.flat();
}
