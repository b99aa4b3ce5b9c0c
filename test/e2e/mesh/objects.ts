import { isJsonObject, type JsonObject } from '../../../shared/lib/json.ts';

export const namespace = 'shop';

/** Where one version of a service runs. */
export interface Instance {
  readonly version: string;
  readonly address: string;
  readonly port: number;
  /** Has a sidecar that takes mutual TLS. */
  readonly hasSidecar?: boolean;
  /** @default true */
  readonly isReady?: boolean;
  /** Of the cluster, with its place. */
  readonly nodeName?: string;
}

export interface ServiceSpec {
  readonly name: string;
  readonly port: number;
  readonly clusterIp?: string;
  readonly instances: readonly Instance[];
}

/** A service with a pod and an EndpointSlice for each instance, as a cluster would have them. */
export function serviceObjects({ name, port, clusterIp, instances }: ServiceSpec): readonly JsonObject[] {
  return [...podObjects(name, instances), ...serviceOfPods({ name, app: name, ports: { http: port }, clusterIp, instances })];
}

export interface PodsService {
  readonly name: string;
  /** Of its pods, which {@link podObjects} made. */
  readonly app: string;
  /** By name, which tells the protocol. */
  readonly ports: Readonly<Record<string, number>>;
  /** Ports of the pods by those names; otherwise the one that an instance has. */
  readonly targets?: Readonly<Record<string, number>>;
  /** `None` is a headless service. */
  readonly clusterIp?: string | undefined;
  readonly instances: readonly Instance[];
  /** More fields of its `spec`. */
  readonly spec?: JsonObject;
}

/** A service of pods that others may have too, with an EndpointSlice for each. */
export function serviceOfPods({
  name,
  app,
  ports,
  targets = {},
  clusterIp = '10.96.0.10',
  instances,
  spec,
}: PodsService): readonly JsonObject[] {
  const servicePorts = Object.entries(ports).map(([portName, port]) => ({ name: portName, port, targetPort: targets[portName] ?? 'app' }));
  const slicePorts = ({ port }: Instance) =>
    Object.keys(ports).map((portName) => ({ name: portName, port: targets[portName] ?? port, protocol: 'TCP' }));
  return [
    object('v1', 'Service', name, { spec: { clusterIP: clusterIp, selector: { app }, ports: servicePorts, ...spec } }),
    ...instances.map((instance) => sliceObject(name, slicePorts(instance), { app, instance })),
  ];
}

export function podName(app: string, version: string): string {
  return `${app}-${version}`;
}

export function podObjects(app: string, instances: readonly Instance[]): readonly JsonObject[] {
  return instances.map(({ version, address, port, hasSidecar = false, nodeName }) => {
    const labels = { app, version, ...(hasSidecar && { 'security.istio.io/tlsMode': 'istio' }) };
    const containers = [{ name: 'app', image: 'app', ports: [{ name: 'app', containerPort: port }] }];
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: podName(app, version), namespace, labels },
      spec: { serviceAccountName: app, containers, ...(nodeName && { nodeName }) },
      status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }] },
    };
  });
}

function sliceObject(service: string, ports: readonly JsonObject[], of: { readonly app: string; readonly instance: Instance }): JsonObject {
  const { version, address, isReady = true } = of.instance;
  const targetRef = { kind: 'Pod', namespace, name: podName(of.app, version) };
  // Not ready and on its way out is another state, in which nobody may ask the pod.
  const conditions = { ready: isReady, terminating: false };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${service}-${version}`, namespace, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions, targetRef }],
    ports,
  };
}

/** Node of a cluster in a place. */
export function nodeObject(name: string, { region, zone }: { readonly region: string; readonly zone: string }): JsonObject {
  const labels = { 'topology.kubernetes.io/region': region, 'topology.kubernetes.io/zone': zone };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } };
}

export function virtualService(name: string, http: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return istio('VirtualService', name, { hosts: [name], http, ...more });
}

/** Shares between the versions of a service, `{ v1: 80, v2: 20 }`. */
export function weighted(name: string, weights: Readonly<Record<string, number>>): JsonObject {
  const route = Object.entries(weights).map(([subset, weight]) => ({ destination: { host: name, subset }, weight }));
  return virtualService(name, [{ route }]);
}

export function destinationRule(name: string, versions: readonly string[], trafficPolicy?: JsonObject): JsonObject {
  const subsets = versions.map((version) => ({ name: version, labels: { version } }));
  return istio('DestinationRule', name, { host: name, subsets, ...(trafficPolicy && { trafficPolicy }) });
}

/** A host that no registry of the cluster knows; ports by name as in {@link serviceOfPods}, with the protocol of the name. */
export function serviceEntry(name: string, spec: JsonObject & { readonly ports: Readonly<Record<string, number>> }): JsonObject {
  const ports = Object.entries(spec.ports).map(([portName, number]) => ({
    number,
    name: portName,
    protocol: portName.split('-', 1)[0] ?? '',
  }));
  return istio('ServiceEntry', name, { resolution: 'STATIC', location: 'MESH_EXTERNAL', ...spec, ports });
}

/** An object of `networking.istio.io`. */
export function istio(kind: string, name: string, spec: JsonObject): JsonObject {
  return object('networking.istio.io/v1', kind, name, { spec });
}

/** The same object in another namespace. */
export function inNamespace(other: string, { metadata, ...rest }: JsonObject): JsonObject {
  return { ...rest, metadata: { ...(isJsonObject(metadata) && metadata), namespace: other } };
}

function object(apiVersion: string, kind: string, name: string, more: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: { name, namespace }, ...more };
}

/** A Gateway on loopback for the gateway of {@link TestMesh.gateway}. */
export function gateway(name: string, app: string, servers: readonly JsonObject[]): JsonObject {
  return istio('Gateway', name, { selector: { app }, servers: [...servers] });
}

/** One of its servers; the port is that of Envoy too. */
export function gatewayServer(number: number, protocol: string, host: string, more: JsonObject = {}): JsonObject {
  const port = { number, name: `${protocol.toLowerCase()}-${host.replaceAll('.', '-')}`, protocol };
  return { port, bind: '127.0.0.1', hosts: [host], ...more };
}

/** A secret of type `kubernetes.io/tls`, with the authorities for clients if there are any. */
export function tlsSecret(
  name: string,
  pem: { readonly certificatePem: string; readonly privateKeyPem: string },
  roots?: string,
): JsonObject {
  const stringData = { 'tls.crt': pem.certificatePem, 'tls.key': pem.privateKeyPem, ...(roots !== undefined && { 'ca.crt': roots }) };
  return object('v1', 'Secret', name, { type: 'kubernetes.io/tls', stringData });
}
