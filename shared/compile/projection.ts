/**
 * From a proxy's node to what of it matters. The compiler and the gateway read nodes by the same projection, and {@link proxyView} sees only what it
 * gave: two nodes of one class cannot get different resources.
 */

import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import {
  defaultSidecar,
  type GatewayResource,
  gatewayName,
  isHeadless,
  type Labels,
  type Mesh,
  namesOwnAddress,
  type ServiceTarget,
  selectedPeerAuthentication,
  selectedSidecar,
  selectsProxy,
  type Workload,
} from '../model/index.ts';
import { type Lookup, type Path, type Projection, type ProjectionField, projectedValues } from '../snapshot/projection.ts';
import { type Relevance, relevanceOf } from './relevance.ts';
import { type ServicesByNamespace, selectedTargets, servicesByNamespace, targetName, targetsByAddress } from './targets.ts';

/** Releases in which something that proxies get changed, ascending. */
export const versions = ['1.28', '1.29', '1.29.2', '1.30'];

/** Istio's extensions of Envoy, by the names under which its build lists them. */
const istioExtensions = [
  'istio.stats',
  'envoy.filters.http.alpn',
  'istio.alpn',
  'envoy.filters.http.peer_metadata',
  'istio.metadata_exchange',
];

/** Labels that the injector sets; spans know a workload by nothing else (Istio compatibility). */
const canonicalNameLabel = 'service.istio.io/canonical-name';
const canonicalRevisionLabel = 'service.istio.io/canonical-revision';

const metadata = (...steps: readonly string[]): Path => ['node', 'metadata', ...steps];
const pod = (step: string): Path => ['pod', step];
const asIs = (...paths: readonly Path[]): ProjectionField => ({ paths, normaliser: { kind: 'asIs' } });

/** The fields in the order of the key. A name is what {@link proxyView} knows the value by. */
function fieldsOf(relevance: Relevance): Readonly<Record<string, ProjectionField>> {
  const labelKeys = [...new Set([...relevance.ruleLabels, ...relevance.selectorLabels])].sort();
  const idPart = (index: number): ProjectionField => ({ paths: [['node', 'id']], normaliser: { kind: 'part', separator: '~', index } });
  return {
    type: idPart(0),
    dnsDomain: idPart(3),
    generator: asIs(metadata('GENERATOR')),
    namespace: asIs(metadata('NAMESPACE')),
    cluster: asIs(metadata('CLUSTER_ID')),
    network: asIs(metadata('NETWORK'), pod('network')),
    networkView: asIs(metadata('REQUESTED_NETWORK_VIEW')),
    ...(relevance.locality && { locality: asIs(['node', 'locality'], pod('locality')) }),
    ...(relevance.nodeName && { nodeName: asIs(metadata('NODE_NAME'), pod('nodeName')) }),
    labels: { paths: [pod('labels'), metadata('LABELS')], normaliser: { kind: 'keys', keys: labelKeys } },
    targets: asIs(pod('targets')),
    sidecar: asIs(pod('sidecar')),
    peerAuthentication: asIs(pod('peerAuthentication')),
    gateways: asIs(pod('gateways')),
    addressTargets: asIs(['address', 'targets']),
    ports: asIs(metadata('POD_PORTS')),
    addresses: asIs(pod('addresses')),
    ipFamilies: { paths: [metadata('INSTANCE_IPS'), ['node', 'id']], normaliser: { kind: 'ipFamilies' } },
    version: { paths: [metadata('ISTIO_VERSION')], normaliser: { kind: 'versionBucket', versions } },
    interception: asIs(metadata('INTERCEPTION_MODE')),
    dnsCapture: asIs(metadata('DNS_CAPTURE')),
    http10: asIs(metadata('HTTP10')),
    idleTimeout: asIs(metadata('IDLE_TIMEOUT')),
    inboundBalance: asIs(metadata('INBOUND_LISTENER_EXACT_BALANCE')),
    outboundBalance: asIs(metadata('OUTBOUND_LISTENER_EXACT_BALANCE')),
    ...certificateFields('client', 'TLS_CLIENT'),
    ...certificateFields('server', 'TLS_SERVER'),
    unprivileged: asIs(metadata('UNPRIVILEGED_POD')),
    statusPort: asIs(metadata('ENVOY_STATUS_PORT')),
    prometheusPort: asIs(metadata('ENVOY_PROMETHEUS_PORT')),
    secureMetricsPort: asIs(metadata('ENVOY_SECURE_MERGED_METRICS_PORT')),
    httpProxyPort: asIs(metadata('HTTP_PROXY_PORT')),
    meshId: asIs(metadata('MESH_ID')),
    ...(relevance.nodeCluster && { nodeCluster: asIs(['node', 'cluster']) }),
    canonicalName: asIs(pod('canonicalName'), metadata('LABELS', canonicalNameLabel)),
    canonicalRevision: asIs(pod('canonicalRevision'), metadata('LABELS', canonicalRevisionLabel)),
    hasProxyConfig: { paths: [metadata('PROXY_CONFIG')], normaliser: { kind: 'present' } },
    proxyHeaders: asIs(metadata('PROXY_CONFIG', 'proxyHeaders')),
    tracing: asIs(metadata('PROXY_CONFIG', 'tracing')),
    gatewayTopology: asIs(metadata('PROXY_CONFIG', 'gatewayTopology')),
    extensions: { paths: [['node', 'extensions']], normaliser: { kind: 'listed', at: 'name', names: istioExtensions } },
  };
}

function certificateFields(side: 'client' | 'server', prefix: string): Readonly<Record<string, ProjectionField>> {
  return {
    [`${side}Chain`]: asIs(metadata(`${prefix}_CERT_CHAIN`)),
    [`${side}Key`]: asIs(metadata(`${prefix}_KEY`)),
    [`${side}Root`]: asIs(metadata(`${prefix}_ROOT_CERT`)),
  };
}

/** How nodes become classes in this mesh. */
export interface MeshProjection {
  readonly projection: Projection;
  /** Names of the fields, in their order. */
  readonly names: readonly string[];
  readonly services: ServicesByNamespace;
}

export function meshProjection(mesh: Mesh): MeshProjection {
  const relevance = relevanceOf(mesh);
  const services = servicesByNamespace(mesh);
  const fields = fieldsOf(relevance);
  return {
    projection: { fields: Object.values(fields), lookups: [podLookup(mesh, relevance, services), addressLookup(mesh)] },
    names: Object.keys(fields),
    services,
  };
}

/** What the projection gives of a node, by field; null for what the node does not say. */
export function nodeFacts({ projection, names }: MeshProjection, node: JsonObject): Readonly<Record<string, JsonValue>> {
  const values = projectedValues(projection, node);
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
}

/** Pods by `name.namespace`, as the third part of a node's id has it. Pods in which nothing differs share a row. */
function podLookup(mesh: Mesh, relevance: Relevance, services: ServicesByNamespace): Lookup {
  const rows = [...mesh.workloads.values()].map((workload): [string, JsonObject] => {
    return [`${workload.name}.${workload.namespace}`, podRow(mesh, workload, relevance, services)];
  });
  return { name: 'pod', keys: [{ path: ['node', 'id'], part: { separator: '~', index: 2 } }], ...sharedRows(rows) };
}

/** Endpoints of ServiceEntries by address: only they are part of a service because of it. */
function addressLookup(mesh: Mesh): Lookup {
  const rows = [...targetsByAddress(mesh)].map(([address, targets]): [string, JsonObject] => [
    address,
    { targets: targets.map(targetName) },
  ]);
  const keys = [
    { path: metadata('INSTANCE_IPS'), part: { separator: ',', index: 0 } },
    { path: ['node', 'id'], part: { separator: '~', index: 1 } },
  ];
  return { name: 'address', keys, ...sharedRows(rows) };
}

/** Equal rows are one row. */
function sharedRows(entries: readonly (readonly [string, JsonObject])[]): Pick<Lookup, 'index' | 'rows'> {
  const places = new Map<string, number>();
  const rows: JsonObject[] = [];
  const index = entries.map(([key, row]) => {
    const text = JSON.stringify(row);
    const place = places.get(text) ?? rows.push(row) - 1;
    places.set(text, place);
    return [key, place] as const;
  });
  return { index: Object.fromEntries(index), rows };
}

function podRow(mesh: Mesh, workload: Workload, relevance: Relevance, services: ServicesByNamespace): JsonObject {
  const { labels, namespace, ports, locality, network, nodeName, addresses } = workload;
  const targets = selectedTargets(services, { namespace, labels, ports });
  const selected = selectedSidecar(mesh.sidecars, namespace, labels);
  const policy = selectedPeerAuthentication(mesh.peerAuthentications, namespace, labels);
  const gateways = mesh.gateways.filter((gateway) => isSelective(gateway) && selectsProxy(gateway, labels)).map(gatewayName);
  const followed = selected ?? defaultSidecar(mesh.sidecars, namespace);
  const needsAddresses = targets.some(isHeadlessTcp) || (followed !== undefined && namesOwnAddress(followed));
  const { region, zone, subZone } = locality;
  return {
    labels: Object.fromEntries(relevance.ruleLabels.filter((key) => Object.hasOwn(labels, key)).map((key) => [key, labels[key]])),
    targets: targets.map(targetName),
    canonicalName: ownLabel(labels, canonicalNameLabel),
    canonicalRevision: ownLabel(labels, canonicalRevisionLabel),
    ...(network !== '' && { network }),
    ...(relevance.locality && region !== '' && { locality: { region, zone, subZone } }),
    ...(relevance.nodeName && { nodeName }),
    ...(needsAddresses && { addresses }),
    ...(selected && { sidecar: selected.name }),
    ...(policy && { peerAuthentication: policy.name }),
    ...(gateways.length > 0 && { gateways }),
  };
}

function ownLabel(labels: Labels, key: string): string {
  return Object.hasOwn(labels, key) ? (labels[key] ?? '') : '';
}

/** One for all gateway proxies is no pod's own. */
export function isSelective({ selector }: GatewayResource): boolean {
  return Object.keys(selector).length > 0;
}

/** The listeners of such a service are one for each pod, except the proxy's own. */
function isHeadlessTcp({ service, port }: ServiceTarget): boolean {
  return isHeadless(service) && !port.protocol.startsWith('HTTP') && !port.protocol.startsWith('GRPC');
}

/** The member as a text; numbers are written out, as nodes write them either way. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The members of an object that are texts. */
export function textsOf(value: JsonValue | undefined): Readonly<Record<string, string>> {
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
    : {};
}
