import type { Node } from '../../kube/node.ts';
import { findOwner } from '../../kube/pod-owner.ts';
import type { RunningPod } from '../../kube/running-pod.ts';
import { type Labels, type Locality, noLocality, type Workload, type WorkloadPort } from '../../model/index.ts';

/** Where a registry's pods are. */
export interface PodPlace {
  readonly cluster: string;
  /** Of all pods that say nothing; empty if there is none for all. */
  readonly network: string;
  /** Then by address; empty if nothing is known of it. */
  networkOf(address: string): string;
  /** By name. */
  readonly nodes: ReadonlyMap<string, Node>;
}

/** A pod as a workload of the mesh. */
export function podWorkload({ metadata = {}, spec = {}, status = {} }: RunningPod, place: PodPlace): Workload {
  const { labels = {} } = metadata;
  const addresses = podAddresses(status);
  const nodeName = spec.nodeName ?? '';
  return {
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    addresses,
    isReady: (status.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    labels,
    serviceAccount: spec.serviceAccountName ?? '',
    locality: podLocality(labels, place.nodes.get(nodeName)?.metadata?.labels ?? {}),
    network: labels['topology.istio.io/network'] || place.network || place.networkOf(addresses[0] ?? ''),
    cluster: place.cluster,
    nodeName,
    ownerName: findOwner({ metadata }).name,
    ports: [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ ports = [] }) => ports.map(workloadPort)),
    hostname: spec.hostname ?? '',
    subdomain: spec.subdomain ?? '',
  };
}

function podAddresses({ podIPs = [], podIP = '' }: NonNullable<RunningPod['status']>): readonly string[] {
  const addresses = podIPs.map(({ ip = '' }) => ip).filter((ip) => ip !== '');
  return addresses.length > 0 || podIP === '' ? addresses : [podIP];
}

/** The pod's own label `istio-locality` (`region.zone.subzone`) outranks the labels of its node. */
function podLocality(labels: Labels, nodeLabels: Labels): Locality {
  const own = labels['istio-locality'];
  if (own !== undefined && own !== '') {
    const [region = '', zone = '', subZone = ''] = own.includes('/') ? own.split('/') : own.split('.');
    return { region, zone, subZone };
  }
  const region = nodeLabels['topology.kubernetes.io/region'] ?? nodeLabels['failure-domain.beta.kubernetes.io/region'] ?? '';
  const zone = nodeLabels['topology.kubernetes.io/zone'] ?? nodeLabels['failure-domain.beta.kubernetes.io/zone'] ?? '';
  const subZone = nodeLabels['topology.istio.io/subzone'] ?? '';
  return region === '' && zone === '' && subZone === '' ? noLocality : { region, zone, subZone };
}

type ContainerPorts = NonNullable<NonNullable<NonNullable<RunningPod['spec']>['containers']>[number]['ports']>;

function workloadPort({ name = '', containerPort = 0, protocol }: ContainerPorts[number]): WorkloadPort {
  return { name, number: containerPort, transport: protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP' };
}
