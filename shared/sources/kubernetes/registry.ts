import type { EndpointSlice } from '../../kube/endpointslice.ts';
import { type Endpoint, hasPersistentSessions, type Service, type Workload } from '../../model/index.ts';
import { sliceEndpoints, sliceService } from './endpoint.ts';
import type { KubernetesObjects } from './objects.ts';
import { kubernetesService, type ServiceSettings } from './service.ts';
import { podWorkload } from './workload.ts';

/** What a registry adds to the mesh. */
export interface RegistryContent {
  readonly services: readonly Service[];
  /** By the service's `namespace/host`. */
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>;
  readonly workloads: readonly Workload[];
}

export interface RegistrySettings extends ServiceSettings {
  readonly cluster: string;
  readonly network: string;
  readonly isDualStack: boolean;
  /** By the prefixes of networks; empty for addresses that none of them holds. */
  networkOf(address: string): string;
}

/** Services, endpoints and workloads of one Kubernetes cluster. */
export function kubernetesRegistry(objects: KubernetesObjects, settings: RegistrySettings): RegistryContent {
  const { cluster, network, networkOf, isDualStack } = settings;
  const nodes = new Map(objects.nodes.map((node) => [node.metadata?.name ?? '', node]));
  const workloads = objects.pods.filter(isRunning).map((pod) => podWorkload(pod, { cluster, network, networkOf, nodes }));
  const slices = groupSlices(objects.endpointSlices);
  const context = {
    workloads: new Map(workloads.map((workload) => [`${workload.namespace}/${workload.name}`, workload])),
    workloadsByAddress: new Map(workloads.flatMap((workload) => workload.addresses.map((address) => [address, workload] as const))),
    cluster,
    network,
    networkOf,
    isDualStack,
  };
  const services = objects.services.map((service) => kubernetesService(service, settings));
  const endpoints = services.map((service) => {
    const { namespace, name, host } = service;
    const keepsServing = hasPersistentSessions(service);
    return [`${namespace}/${host}`, sliceEndpoints(slices.get(`${namespace}/${name}`) ?? [], { ...context, keepsServing })] as const;
  });
  return { services, endpoints: new Map(endpoints), workloads };
}

/** Pods that have ended keep their address in the API until it is another pod's. */
function isRunning({ status = {} }: KubernetesObjects['pods'][number]): boolean {
  return status.phase !== 'Succeeded' && status.phase !== 'Failed';
}

function groupSlices(slices: readonly EndpointSlice[]): ReadonlyMap<string, readonly EndpointSlice[]> {
  const groups = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const service = sliceService(slice);
    if (service === undefined) continue;
    const group = groups.get(service);
    if (group === undefined) groups.set(service, [slice]);
    else group.push(slice);
  }
  return groups;
}
