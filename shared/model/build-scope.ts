import type { VirtualService } from '../config/networking/virtual-service.ts';
import { closestHost } from '../lib/host.ts';
import type { ConfigObject } from './config-object.ts';
import { findDestinationRule } from './destination-rules.ts';
import { importedBy, importedByAll, type Visible } from './egress.ts';
import type { Endpoint } from './endpoint.ts';
import { meshGateway } from './full-names.ts';
import type { Mesh } from './mesh.ts';
import { namespaceMutualTls } from './peer-authentication.ts';
import { providerHost } from './provider-host.ts';
import type { Scope } from './scope.ts';
import type { Service } from './service.ts';
import type { SidecarResource } from './sidecar.ts';
import { decodeExportTo, isVisibleTo } from './visibility.ts';

/** What the proxies of a namespace see: of everything that is exported to them what their Sidecar resource imports, if they have one. */
export function buildScope(mesh: Mesh, namespace: string, sidecar?: SidecarResource): Scope {
  const visible: Visible = {
    namespace,
    services: mesh.services.filter(({ visibility }) => isVisibleTo(visibility, namespace)),
    virtualServices: visibleVirtualServices(mesh, namespace, isForSidecars),
  };
  const { services, named, egressListeners } = sidecar === undefined ? importedByAll(visible) : importedBy(sidecar, visible);
  const byHost = firstByHost(services);
  const targets = aliasTargets(named, byHost);
  const imported = new Set(egressListeners.flatMap(({ virtualServices }) => virtualServices));
  return {
    namespace,
    config: mesh.config,
    features: mesh.features,
    services,
    egressListeners,
    serviceOf: (host) => byHost.get(host) ?? byHost.get(targets.get(host) ?? ''),
    aliasesOf: ({ host }) => [...targets].filter(([, target]) => target === host).map(([alias]) => alias),
    endpointsOf: (service) => mesh.endpoints.get(serviceKey(service)) ?? noEndpoints,
    virtualServices: visible.virtualServices.filter((rule) => imported.has(rule)),
    gatewayVirtualServices: visibleVirtualServices(mesh, namespace, isForGateways),
    secrets: mesh.secrets.get(namespace) ?? new Map(),
    destinationRuleFor: ({ host, namespace: serviceNamespace }, labels) =>
      findDestinationRule(mesh.destinationRules, { host, serviceNamespace, namespace, labels }),
    providerHost: (service) => providerHost(mesh.services, service),
    namespaceMutualTls: (of) => namespaceMutualTls(mesh.peerAuthentications, of),
    networkGateways: mesh.networkGateways,
    isClusterLocal: (host) => closestHost(mesh.clusterLocalHosts, host) !== undefined,
    ...outboundOf(mesh, sidecar),
  };
}

function outboundOf({ config }: Mesh, sidecar?: SidecarResource): Pick<Scope, 'outboundTrafficPolicy' | 'egressProxy'> {
  if (sidecar?.outbound === undefined) {
    return { outboundTrafficPolicy: config.outboundTrafficPolicy?.mode === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY' };
  }
  const { policy, egressProxy } = sidecar.outbound;
  return { outboundTrafficPolicy: policy, ...(egressProxy && { egressProxy }) };
}

const noEndpoints: readonly Endpoint[] = [];

/** What endpoints of a service are stored under. */
export function serviceKey({ namespace, host }: Pick<Service, 'namespace' | 'host'>): string {
  return `${namespace}/${host}`;
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
function visibleVirtualServices(
  { virtualServices, config }: Mesh,
  namespace: string,
  isWanted: (spec: VirtualService) => boolean,
): readonly ConfigObject<VirtualService>[] {
  const defaultExportTo = config.defaultVirtualServiceExportTo ?? ['*'];
  const groups: [ConfigObject<VirtualService>[], ConfigObject<VirtualService>[], ConfigObject<VirtualService>[]] = [[], [], []];
  for (const object of virtualServices) {
    const { exportTo = [] } = object.spec;
    if (!isWanted(object.spec)) continue;
    const visibility = decodeExportTo(exportTo, object.namespace, defaultExportTo);
    if (!isVisibleTo(visibility, namespace)) continue;
    if (visibility.has('*')) groups[2].push(object);
    else if (object.namespace === namespace && visibility.size === 1) groups[0].push(object);
    else groups[1].push(object);
  }
  return groups.flat();
}

function isForSidecars({ gateways = [] }: VirtualService): boolean {
  return gateways.length === 0 || gateways.includes(meshGateway);
}

function isForGateways({ gateways = [] }: VirtualService): boolean {
  return gateways.some((gateway) => gateway !== meshGateway);
}
