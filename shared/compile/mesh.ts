import { destinationRuleKind } from '../config/networking/check-destination-rule.ts';
import { virtualService } from '../config/networking/virtual-service.ts';
import { peerAuthenticationKind } from '../config/security/peer-authentication.ts';
import { compareText } from '../lib/compare-text.ts';
import { objectAt } from '../lib/json.ts';
import type { Problem } from '../lib/problem.ts';
import {
  byAge,
  clusterLocalHosts,
  declaredGateways,
  type Endpoint,
  indexDestinationRules,
  indexPeerAuthentications,
  type Mesh,
  networkByAddress,
  networkGateways,
  type PeerAuthentications,
  registryNetwork,
  selectedPeerAuthentication,
  withFullNames,
  withFullRuleHost,
  workloadMutualTls,
} from '../model/index.ts';
import { decodeConfigObjects } from '../sources/config-objects.ts';
import { entryRegistry } from '../sources/entries/registry.ts';
import { decodeGateways, gatewayResources } from '../sources/gateways.ts';
import { ingressObjects } from '../sources/ingress/objects.ts';
import { discoveredObjects } from '../sources/kubernetes/discovery.ts';
import { serviceGateways } from '../sources/kubernetes/network-gateway.ts';
import { decodeKubernetesObjects, type RawObject } from '../sources/kubernetes/objects.ts';
import { kubernetesRegistry } from '../sources/kubernetes/registry.ts';
import { tlsSecrets } from '../sources/kubernetes/secret.ts';
import { decodeSidecars } from '../sources/sidecars.ts';
import { usableVirtualServices } from '../xds/route/delegate.ts';
import type { World } from './world.ts';

const networkingGroup = 'networking.istio.io';

/** The mesh that the objects describe, whatever their order; what cannot be read is left out with a problem. */
export function buildMesh(world: World): { readonly value: Mesh; readonly problems: readonly Problem[] } {
  const { config, features, cluster, domain } = world;
  const objects = discoveredObjects([...world.objects].sort(byName), config);
  const kubernetes = decodeKubernetesObjects(objects);
  const network = homeNetwork(world);
  const defaultExportTo = config.defaultServiceExportTo ?? ['*'];
  const trustDomain = config.trustDomain ?? defaultTrustDomain;
  const registry = kubernetesRegistry(kubernetes.value, {
    cluster,
    network,
    domain,
    trustDomain,
    defaultExportTo,
    isDualStack: features.dualStack,
    networkOf: networkByAddress(world.networks),
  });
  const entries = entryRegistry(objects, {
    cluster,
    network,
    defaultExportTo,
    workloads: registry.workloads,
    services: registry.services,
  });
  const found = serviceGateways(kubernetes.value.services, { networks: world.networks, cluster, domain });
  const routes = decodeConfigObjects(objects, { group: networkingGroup, kind: 'VirtualService', schema: virtualService });
  const rules = decodeConfigObjects(objects, destinationRuleKind);
  const rootNamespace = config.rootNamespace ?? defaultRootNamespace;
  const sidecars = decodeSidecars(objects, rootNamespace);
  const gateways = decodeGateways(objects);
  const policies = decodeConfigObjects(objects, peerAuthenticationKind);
  const peerAuthentications = indexPeerAuthentications(policies.value.toSorted(byAge), rootNamespace);
  const secrets = tlsSecrets(objects);
  const ingress = ingressObjects(kubernetes.value, { config, domain, namespace: rootNamespace });
  const fullRoutes = [...routes.value, ...ingress.virtualServices].map((object) => withFullNames(object, domain)).sort(byAge);
  const usable = usableVirtualServices(fullRoutes, config.defaultVirtualServiceExportTo ?? ['*']);
  const value: Mesh = {
    config,
    features,
    services: [...registry.services, ...entries.value.services].sort(byAge),
    endpoints: withPeerAuthentication(joined(registry.endpoints, entries.value.endpoints), peerAuthentications),
    peerAuthentications,
    secrets: secrets.value,
    networkGateways: networkGateways([...declaredGateways(world.networks), ...found]),
    clusterLocalHosts: clusterLocalHosts(config, domain),
    workloads: new Map(registry.workloads.map((workload) => [`${workload.namespace}/${workload.name}`, workload])),
    virtualServices: usable.value,
    sidecars: sidecars.value,
    gateways: gatewayResources([...gateways.value, ...ingress.gateways]),
    destinationRules: indexDestinationRules(rules.value.map((rule) => withFullRuleHost(rule, domain)).sort(byAge), {
      rootNamespace,
      defaultExportTo: config.defaultDestinationRuleExportTo ?? ['*'],
    }),
  };
  const read = [kubernetes, entries, routes, usable, rules, sidecars, gateways, ingress, secrets, policies];
  return { value, problems: read.flatMap(({ problems }) => problems) };
}

const defaultRootNamespace = 'istio-system';
const defaultTrustDomain = 'cluster.local';

/** An order that depends on nothing but what the objects are. */
function byName(a: RawObject, b: RawObject): number {
  return compareText(a.kind, b.kind) || compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}

/** The network of pods that name none: the label of the root namespace, or what the mesh's networks say of the registry. */
function homeNetwork({ objects, config, networks, cluster }: World): string {
  const root = objects.find(({ kind, name }) => kind === 'Namespace' && name === (config.rootNamespace ?? defaultRootNamespace));
  const label = root && objectAt(objectAt(root.content, 'metadata'), 'labels')['topology.istio.io/network'];
  return typeof label === 'string' ? label : registryNetwork(networks, cluster);
}

/** Marks the endpoints whose workload takes no mutual TLS at their port. */
function withPeerAuthentication(endpoints: Mesh['endpoints'], policies: PeerAuthentications): Mesh['endpoints'] {
  if (policies.meshMode === undefined && policies.namespaceModes.size + policies.ofWorkloads.size === 0) return endpoints;
  const refuses = ({ namespace, labels, port }: Endpoint): boolean => {
    const { mode, ports } = workloadMutualTls(policies, namespace, selectedPeerAuthentication(policies, namespace, labels));
    return (ports.get(port) ?? mode) === 'DISABLE';
  };
  const marked = (endpoint: Endpoint): Endpoint => (refuses(endpoint) ? { ...endpoint, refusesMutualTls: true } : endpoint);
  // Lists in which nothing changes stay the same objects, whose hashes are known.
  return new Map([...endpoints].map(([key, found]) => [key, found.some(refuses) ? found.map(marked) : found]));
}

function joined<V>(left: ReadonlyMap<string, readonly V[]>, right: ReadonlyMap<string, readonly V[]>): ReadonlyMap<string, readonly V[]> {
  const all = new Map(left);
  for (const [key, values] of right) all.set(key, [...(all.get(key) ?? []), ...values]);
  return all;
}
