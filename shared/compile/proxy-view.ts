import type { ProxyConfig } from '../config/mesh/proxy-config.ts';
import type { DestinationRule } from '../config/networking/destination-rule.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { parsePort } from '../lib/setting.ts';
import type {
  CertificateFiles,
  GatewayResource,
  Locality,
  Mesh,
  MutualTls,
  ProxyView,
  ServiceTarget,
  SidecarResource,
  WorkloadPort,
} from '../model/index.ts';
import {
  defaultSidecar,
  gatewayName,
  hasLabels,
  ingressOf,
  mergeGateways,
  noLocality,
  selectedPeerAuthentication,
  selectedSidecar,
  selectsProxy,
  workloadMutualTls,
} from '../model/index.ts';
import { isSelective, textOf, textsOf, versions } from './projection.ts';
import { namedTargets, type ServicesByNamespace, selectedTargets, targetName } from './targets.ts';

/** What the projection gave of a node. */
export type NodeFacts = Readonly<Record<string, JsonValue>>;

/** A proxy and the namespace whose configuration it gets. */
export interface ViewedProxy {
  readonly namespace: string;
  /** The Sidecar resource that it follows. */
  readonly sidecar?: SidecarResource;
  readonly view: ProxyView;
}

/** Why a node gets nothing. */
export interface RefusedNode {
  readonly refused: string;
}

/** Everything that builders may know of a proxy; of a node that is no sidecar or gateway the reason why there is nothing for it. */
export function proxyView(facts: NodeFacts, mesh: Mesh, services: ServicesByNamespace): ViewedProxy | RefusedNode {
  const type = textOf(facts['type']);
  if (type === 'waypoint' || type === 'ztunnel') return { refused: `the node is a ${type}: ambient mode is not supported` };
  if (type !== 'sidecar' && type !== 'router') return { refused: 'the node id is not of the form TYPE~IP~NAME.NAMESPACE~DOMAIN' };
  const dnsDomain = textOf(facts['dnsDomain']);
  const namespace = textOf(facts['namespace']) || (dnsDomain.split('.')[0] ?? '');
  if (namespace === '') return { refused: 'the node names no namespace, neither in its metadata nor in the domain of its id' };
  const sidecar = type === 'sidecar' ? sidecarOf(facts, namespace, mesh) : undefined;
  const common = {
    ...places(facts),
    ...connections(facts),
    type,
    dnsDomain,
    labels: textsOf(facts['labels']),
    ipFamilies: ipFamilies(textOf(facts['ipFamilies']), mesh.features.dualStack),
    version: versions[Number(facts['version'] ?? versions.length) - 1] ?? '',
    meshId: textOf(facts['meshId']),
    canonicalName: textOf(facts['canonicalName']),
    canonicalRevision: textOf(facts['canonicalRevision']) || 'latest',
    nodeCluster: textOf(facts['nodeCluster']),
    preservesHeaderCase: preservesHeaderCase(facts, mesh),
    ...ownConfig(facts),
    serviceTargets: targetsOf(facts, namespace, services),
    mutualTls: mutualTlsOf(facts, namespace, mesh),
    takesSecrets: type === 'router' || takesRuleSecrets(facts, namespace, mesh),
    hasIstioExtensions: !isJsonArray(facts['extensions']) || facts['extensions'].length > 0,
  } as const satisfies ProxyView;
  if (type === 'router') return { namespace, view: { ...common, gateway: mergeGateways(gatewaysOf(facts, namespace, mesh), common) } };
  return sidecar === undefined
    ? { namespace, view: common }
    : { namespace, sidecar, view: { ...common, ...inboundOf(sidecar, { ...common, namespace }) } };
}

/** The registry knows which Sidecar selects a pod; of other workloads their labels tell. */
function sidecarOf(facts: NodeFacts, namespace: string, { sidecars }: Mesh): SidecarResource | undefined {
  const selected = isJsonArray(facts['targets'])
    ? sidecars.byNamespace.get(namespace)?.find(({ name }) => name === facts['sidecar'])
    : selectedSidecar(sidecars, namespace, textsOf(facts['labels']));
  return selected ?? defaultSidecar(sidecars, namespace);
}

/** The registry knows which policy selects a pod; of other workloads their labels tell. */
function mutualTlsOf(facts: NodeFacts, namespace: string, { peerAuthentications: policies }: Mesh): MutualTls {
  const selected = isJsonArray(facts['targets'])
    ? policies.ofWorkloads.get(namespace)?.find(({ name }) => name === facts['peerAuthentication'])
    : selectedPeerAuthentication(policies, namespace, textsOf(facts['labels']));
  return workloadMutualTls(policies, namespace, selected);
}

/** Rules of its own namespace alone can select a sidecar. */
function takesRuleSecrets(facts: NodeFacts, namespace: string, { destinationRules }: Mesh): boolean {
  const labels = textsOf(facts['labels']);
  const rules = [...(destinationRules.byNamespace.get(namespace)?.values() ?? [])].flat();
  return rules.some(({ rule: { spec } }) => {
    const selector = spec.workloadSelector?.matchLabels ?? {};
    return Object.keys(selector).length > 0 && hasLabels(labels, selector) && namesCredential(spec);
  });
}

function namesCredential({ trafficPolicy, subsets = [] }: DestinationRule): boolean {
  const policies = [trafficPolicy, ...subsets.map((subset) => subset.trafficPolicy)];
  const settings = policies.flatMap((policy) => [policy?.tls, ...(policy?.portLevelSettings ?? []).map(({ tls }) => tls)]);
  return settings.some((tls) => (tls?.credentialName ?? '') !== '');
}

/** The registry knows which Gateways select a pod; of other workloads their labels tell. Those without a selector are for all. */
function gatewaysOf(facts: NodeFacts, namespace: string, mesh: Mesh): readonly GatewayResource[] {
  const gateways = mesh.gateways.filter((gateway) => !mesh.features.scopesGateways || gateway.namespace === namespace);
  if (!isJsonArray(facts['targets'])) return gateways.filter((gateway) => selectsProxy(gateway, textsOf(facts['labels'])));
  const selected = new Set(namesOf(facts['gateways']));
  return gateways.filter((gateway) => !isSelective(gateway) || selected.has(gatewayName(gateway)));
}

/** What the Sidecar says about connections to the application. */
function inboundOf(
  sidecar: SidecarResource,
  view: ProxyView & { readonly namespace: string },
): Pick<ProxyView, 'ingress' | 'inboundConnectionPool'> {
  const ingress = ingressOf(sidecar, view);
  const { inboundConnectionPool } = sidecar;
  return { ...(ingress && { ingress }), ...(inboundConnectionPool && { inboundConnectionPool }) };
}

function places(facts: NodeFacts): Pick<ProxyView, 'cluster' | 'network' | 'networkView' | 'locality' | 'nodeName' | 'addresses'> {
  const addresses = facts['addresses'];
  return {
    cluster: textOf(facts['cluster']),
    network: textOf(facts['network']),
    networkView: listOf(facts['networkView']),
    locality: localityOf(facts['locality']),
    nodeName: textOf(facts['nodeName']),
    addresses: isJsonArray(addresses) ? addresses.map(textOf) : [],
  };
}

/** A text with commas, as the agent writes lists, or a list; the order means nothing. */
function listOf(value: JsonValue | undefined): readonly string[] {
  const items = isJsonArray(value) ? value.map(textOf) : textOf(value).split(',');
  return [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))].sort();
}

/** Protobuf JSON may use either form of the name. */
function localityOf(value: JsonValue | undefined): Locality {
  if (!isJsonObject(value)) return noLocality;
  return { region: textOf(value['region']), zone: textOf(value['zone']), subZone: textOf(value['subZone'] ?? value['sub_zone']) };
}

/** Without the feature a proxy of both families counts as one of IPv4. */
function ipFamilies(text: string, isDualStack: boolean): ProxyView['ipFamilies'] {
  if (text === 'dual') return isDualStack ? 'dual' : 'v4';
  return text === 'v6' ? 'v6' : 'v4';
}

type Connections =
  | 'interception'
  | 'capturesDns'
  | 'takesAutoAddresses'
  | 'acceptsHttp10'
  | 'idleTimeout'
  | 'exactBalance'
  | 'clientCertificate'
  | 'serverCertificate'
  | 'httpProxyPort'
  | 'isUnprivileged'
  | 'ownPorts';

function connections(facts: NodeFacts): Pick<ProxyView, Connections> {
  const clientCertificate = certificate(facts, 'client');
  const serverCertificate = certificate(facts, 'server');
  const interception = textOf(facts['interception']);
  return {
    interception: interception === 'TPROXY' || interception === 'NONE' ? interception : 'REDIRECT',
    capturesDns: isTrue(facts['dnsCapture']),
    // Istio compatibility: DNS_AUTO_ALLOCATE is for addresses that a proxy makes up itself; those in a ServiceEntry's status need no asking.
    takesAutoAddresses: isTrue(facts['dnsCapture']),
    acceptsHttp10: isTrue(facts['http10']),
    idleTimeout: textOf(facts['idleTimeout']),
    exactBalance: { inbound: isTrue(facts['inboundBalance']), outbound: isTrue(facts['outboundBalance']) },
    ...(clientCertificate && { clientCertificate }),
    ...(serverCertificate && { serverCertificate }),
    isUnprivileged: isTrue(facts['unprivileged']),
    ownPorts: [facts['statusPort'], facts['prometheusPort'], facts['secureMetricsPort']].map(Number).filter((port) => port > 0),
    httpProxyPort: parsePort(textOf(facts['httpProxyPort'])) ?? 0,
  };
}

const trueTexts: ReadonlySet<string> = new Set(['true', '1']);

function isTrue(value: JsonValue | undefined): boolean {
  return trueTexts.has(textOf(value));
}

function certificate(facts: NodeFacts, side: 'client' | 'server'): CertificateFiles | undefined {
  const [chain, key, root] = [textOf(facts[`${side}Chain`]), textOf(facts[`${side}Key`]), textOf(facts[`${side}Root`])];
  return chain === '' || key === '' ? undefined : { chain, key, root };
}

/** The node's own ProxyConfig, as it came: protobuf JSON is what its type describes. */
function ownConfig(facts: NodeFacts): Pick<ProxyView, 'proxyConfig'> {
  const parts = Object.entries({
    proxyHeaders: facts['proxyHeaders'],
    tracing: facts['tracing'],
    gatewayTopology: facts['gatewayTopology'],
  }).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]));
  return facts['hasProxyConfig'] !== true ? {} : { proxyConfig: Object.fromEntries(parts) as Pick<ProxyConfig, 'proxyHeaders'> };
}

/** A node's own settings replace those of the mesh altogether. */
function preservesHeaderCase(facts: NodeFacts, { config }: Mesh): boolean {
  const own = facts['proxyHeaders'];
  if (facts['hasProxyConfig'] !== true) return config.defaultConfig?.proxyHeaders?.preserveHttp1HeaderCase === true;
  return isJsonObject(own) && own['preserveHttp1HeaderCase'] === true;
}

/** The registry's word on a pod that it knows, else the services that the proxy's own labels fall under; and those that have its address. */
function targetsOf(facts: NodeFacts, namespace: string, services: ServicesByNamespace): readonly ServiceTarget[] {
  const byAddress = namesOf(facts['addressTargets']);
  if (isJsonArray(facts['targets'])) return namedTargets(services, namespace, [...namesOf(facts['targets']), ...byAddress]);
  const labels = textsOf(facts['labels']);
  const selected = selectedTargets(services, { namespace, labels, ports: declaredPorts(facts['ports']) });
  return namedTargets(services, namespace, [...selected.map(targetName), ...byAddress]);
}

function namesOf(value: JsonValue | undefined): readonly string[] {
  return isJsonArray(value) ? value.map(textOf) : [];
}

/** Container ports in the agent's words: a JSON list inside a text. */
function declaredPorts(value: JsonValue | undefined): readonly WorkloadPort[] {
  const list = typeof value === 'string' ? parsed(value) : value;
  if (!isJsonArray(list)) return [];
  return list.filter(isJsonObject).map((port) => ({
    name: textOf(port['name']),
    number: Number(port['containerPort'] ?? 0),
    transport: port['protocol'] === 'UDP' || port['protocol'] === 'SCTP' ? port['protocol'] : 'TCP',
  }));
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
