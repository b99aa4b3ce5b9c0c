import type { JsonObject } from '../../../shared/lib/json.ts';

export const namespace = 'shop';

/** Where one version of a service runs. */
export interface Instance {
  readonly version: string;
  readonly address: string;
  readonly port: number;
  /** Has a sidecar that takes mutual TLS. */
  readonly hasSidecar?: boolean;
}

export interface ServiceSpec {
  readonly name: string;
  readonly port: number;
  readonly clusterIp?: string;
  readonly instances: readonly Instance[];
}

/** A service with a pod and an EndpointSlice for each instance, as a cluster would have them. */
export function serviceObjects({ name, port, clusterIp = '10.96.0.10', instances }: ServiceSpec): readonly JsonObject[] {
  return [
    object('v1', 'Service', name, {
      spec: { clusterIP: clusterIp, selector: { app: name }, ports: [{ name: 'http', port, targetPort: 'http' }] },
    }),
    ...instances.flatMap((instance) => [podObject(name, instance), sliceObject(name, instance)]),
  ];
}

export function podName(service: string, version: string): string {
  return `${service}-${version}`;
}

function podObject(service: string, { version, address, port, hasSidecar = false }: Instance): JsonObject {
  const labels = { app: service, version, ...(hasSidecar && { 'security.istio.io/tlsMode': 'istio' }) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podName(service, version), namespace, labels },
    spec: { serviceAccountName: service, containers: [{ name: 'app', image: 'app', ports: [{ name: 'http', containerPort: port }] }] },
    status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }] },
  };
}

function sliceObject(service: string, { version, address, port }: Instance): JsonObject {
  const targetRef = { kind: 'Pod', namespace, name: podName(service, version) };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: podName(service, version), namespace, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true }, targetRef }],
    ports: [{ name: 'http', port, protocol: 'TCP' }],
  };
}

export function virtualService(name: string, http: readonly JsonObject[]): JsonObject {
  return object('networking.istio.io/v1', 'VirtualService', name, { spec: { hosts: [name], http } });
}

/** Shares between the versions of a service, `{ v1: 80, v2: 20 }`. */
export function weighted(name: string, weights: Readonly<Record<string, number>>): JsonObject {
  const route = Object.entries(weights).map(([subset, weight]) => ({ destination: { host: name, subset }, weight }));
  return virtualService(name, [{ route }]);
}

export function destinationRule(name: string, versions: readonly string[], trafficPolicy?: JsonObject): JsonObject {
  const subsets = versions.map((version) => ({ name: version, labels: { version } }));
  return object('networking.istio.io/v1', 'DestinationRule', name, {
    spec: { host: name, subsets, ...(trafficPolicy && { trafficPolicy }) },
  });
}

function object(apiVersion: string, kind: string, name: string, more: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: { name, namespace }, ...more };
}
