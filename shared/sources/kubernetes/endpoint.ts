import type { EndpointSlice, SliceEndpoint } from '../../kube/endpointslice.ts';
import { canonicalName, canonicalRevision, type Endpoint, type EndpointHealth, noLocality, type Workload } from '../../model/index.ts';

/** What endpoints are joined with. */
export interface EndpointContext {
  /** By `namespace/name`. */
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly workloadsByAddress: ReadonlyMap<string, Workload>;
  readonly cluster: string;
  readonly network: string;
  networkOf(address: string): string;
  /** Endpoints of pods carry all addresses of the pod, and each pod is one endpoint. */
  readonly isDualStack: boolean;
  /** Endpoints of the service are used as long as they serve, also while they are going away. */
  readonly keepsServing: boolean;
}

const serviceNameLabel = 'kubernetes.io/service-name';

/** `namespace/name` of the service that a slice is for; undefined for slices of none. */
export function sliceService({ metadata = {} }: EndpointSlice): string | undefined {
  const name = metadata.labels?.[serviceNameLabel];
  return name === undefined ? undefined : `${metadata.namespace}/${name}`;
}

/** The endpoints of all slices of one service. An address that two slices hold counts once for each port. */
export function sliceEndpoints(slices: readonly EndpointSlice[], context: EndpointContext): readonly Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const endpoint of slices.flatMap(sliceAddresses).flatMap((address) => portEndpoints(address, context))) {
    const key = `${endpoint.address} ${endpoint.servicePortName} ${endpoint.port}`;
    if (!found.has(key)) found.set(key, endpoint);
  }
  return [...found.values()];
}

function sliceAddresses(slice: EndpointSlice): readonly SliceAddress[] {
  if (slice.addressType === 'FQDN') return [];
  const namespace = slice.metadata?.namespace ?? '';
  return (slice.endpoints ?? []).flatMap((sliceEndpoint) =>
    (sliceEndpoint.addresses ?? []).map((address) => ({ slice, sliceEndpoint, address, namespace })),
  );
}

interface SliceAddress {
  readonly slice: EndpointSlice;
  readonly sliceEndpoint: SliceEndpoint;
  readonly address: string;
  readonly namespace: string;
}

function portEndpoints({ slice, sliceEndpoint, address, namespace }: SliceAddress, context: EndpointContext): readonly Endpoint[] {
  const workload = workloadOf(sliceEndpoint, address, namespace, context);
  // The registry has not told us of the pod yet: without its labels the endpoint would be one without mutual TLS.
  if (workload === undefined && sliceEndpoint.targetRef?.kind === 'Pod') return [];
  const [first = address, ...others] =
    context.isDualStack && workload?.addresses.includes(address) === true ? workload.addresses : [address];
  const health = healthOf(sliceEndpoint.conditions ?? {}, context);
  return (slice.ports ?? [])
    .filter(({ port }) => port !== undefined)
    .map(({ name = '', port = 0 }) => ({
      address: first,
      additionalAddresses: others,
      servicePortName: name,
      port,
      health,
      weight: 1,
      ...(workload === undefined ? withoutWorkload(sliceEndpoint, first, context) : ofWorkload(workload)),
    }));
}

function workloadOf(
  { targetRef }: SliceEndpoint,
  address: string,
  namespace: string,
  { workloads, workloadsByAddress }: EndpointContext,
): Workload | undefined {
  if (targetRef?.kind !== 'Pod') return workloadsByAddress.get(address);
  return workloads.get(`${targetRef.namespace ?? namespace}/${targetRef.name ?? ''}`);
}

type Conditions = NonNullable<SliceEndpoint['conditions']>;

/** Istio compatibility: an endpoint that is not ready counts as terminating unless its slice says that it is not. */
function healthOf({ ready, serving, terminating }: Conditions, { keepsServing }: EndpointContext): EndpointHealth {
  if (ready !== false) return 'healthy';
  if (terminating === false) return 'unhealthy';
  return keepsServing && serving !== false ? 'draining' : 'terminating';
}

type WorkloadPart = Omit<Endpoint, 'address' | 'additionalAddresses' | 'servicePortName' | 'port' | 'health' | 'weight'>;

function ofWorkload(workload: Workload): WorkloadPart {
  const { labels, namespace, serviceAccount, locality, network, cluster, ownerName, nodeName, hostname, subdomain } = workload;
  return {
    labels,
    namespace,
    serviceAccount,
    locality,
    network,
    cluster,
    tlsMode: labels['security.istio.io/tlsMode'] === 'istio' ? 'istio' : 'disabled',
    workloadName: ownerName,
    canonicalName: canonicalName(labels, ownerName),
    canonicalRevision: canonicalRevision(labels),
    nodeName,
    hostname,
    subdomain,
  };
}

function withoutWorkload(
  { nodeName = '', hostname = '' }: SliceEndpoint,
  address: string,
  { cluster, network, networkOf }: EndpointContext,
): WorkloadPart {
  return {
    labels: {},
    namespace: '',
    serviceAccount: '',
    locality: noLocality,
    network: network || networkOf(address),
    cluster,
    tlsMode: 'disabled',
    workloadName: '',
    canonicalName: '',
    canonicalRevision: '',
    nodeName,
    hostname,
    subdomain: '',
  };
}
