import type { ProxyConfig } from '../config/mesh/proxy-config.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { CertificateFiles, Locality, Mesh, ProxyView, ServiceTarget, WorkloadPort } from '../model/index.ts';
import { noLocality } from '../model/index.ts';
import { targetName, textOf, textsOf, versions } from './projection.ts';
import { type SelectingServices, serviceTargets } from './targets.ts';

/** What the projection gave of a node. */
export type NodeFacts = Readonly<Record<string, JsonValue>>;

/** A proxy and the namespace whose configuration it gets. */
export interface ViewedProxy {
  readonly namespace: string;
  readonly view: ProxyView;
}

/** Why a node gets nothing. */
export interface RefusedNode {
  readonly refused: string;
}

/** Everything that builders may know of a proxy; of a node that is no sidecar or gateway the reason why there is nothing for it. */
export function proxyView(facts: NodeFacts, mesh: Mesh, services: SelectingServices): ViewedProxy | RefusedNode {
  const type = textOf(facts['type']);
  if (type === 'waypoint' || type === 'ztunnel') return { refused: `the node is a ${type}: ambient mode is not supported` };
  if (type !== 'sidecar' && type !== 'router') return { refused: 'the node id is not of the form TYPE~IP~NAME.NAMESPACE~DOMAIN' };
  const dnsDomain = textOf(facts['dnsDomain']);
  const namespace = textOf(facts['namespace']) || (dnsDomain.split('.')[0] ?? '');
  if (namespace === '') return { refused: 'the node names no namespace, neither in its metadata nor in the domain of its id' };
  const view: ProxyView = {
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
    preservesHeaderCase: preservesHeaderCase(facts, mesh),
    ...ownConfig(facts),
    serviceTargets: targetsOf(facts, { namespace, mesh, services }),
    mutualTls: { mode: 'PERMISSIVE', ports: new Map() },
    hasIstioExtensions: !isJsonArray(facts['extensions']) || facts['extensions'].length > 0,
  };
  return { namespace, view };
}

function places(facts: NodeFacts): Pick<ProxyView, 'cluster' | 'network' | 'locality' | 'nodeName' | 'addresses'> {
  const addresses = facts['addresses'];
  return {
    cluster: textOf(facts['cluster']),
    network: textOf(facts['network']),
    locality: localityOf(facts['locality']),
    nodeName: textOf(facts['nodeName']),
    addresses: isJsonArray(addresses) ? addresses.map(textOf) : [],
  };
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
  | 'isUnprivileged'
  | 'ownPorts';

function connections(facts: NodeFacts): Pick<ProxyView, Connections> {
  const clientCertificate = certificate(facts, 'client');
  const serverCertificate = certificate(facts, 'server');
  const interception = textOf(facts['interception']);
  return {
    interception: interception === 'TPROXY' || interception === 'NONE' ? interception : 'REDIRECT',
    capturesDns: isTrue(facts['dnsCapture']),
    takesAutoAddresses: isTrue(facts['dnsCapture']) && isTrue(facts['dnsAutoAllocate']),
    acceptsHttp10: isTrue(facts['http10']),
    idleTimeout: textOf(facts['idleTimeout']),
    exactBalance: { inbound: isTrue(facts['inboundBalance']), outbound: isTrue(facts['outboundBalance']) },
    ...(clientCertificate && { clientCertificate }),
    ...(serverCertificate && { serverCertificate }),
    isUnprivileged: isTrue(facts['unprivileged']),
    ownPorts: [facts['statusPort'], facts['prometheusPort']].map(Number).filter((port) => port > 0),
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
  return parts.length === 0 ? {} : { proxyConfig: Object.fromEntries(parts) as Pick<ProxyConfig, 'proxyHeaders'> };
}

/** The node's own settings of headers replace those of the mesh altogether. */
function preservesHeaderCase(facts: NodeFacts, { config }: Mesh): boolean {
  const own = facts['proxyHeaders'];
  const value = isJsonObject(own) ? own['preserveHttp1HeaderCase'] : config.defaultConfig?.proxyHeaders?.preserveHttp1HeaderCase;
  return value === true;
}

interface TargetContext {
  readonly namespace: string;
  readonly mesh: Mesh;
  readonly services: SelectingServices;
}

/** The registry's word on a pod that it knows; else the services that the proxy's own labels fall under. */
function targetsOf(facts: NodeFacts, { namespace, services }: TargetContext): readonly ServiceTarget[] {
  const named = facts['targets'];
  if (!isJsonArray(named))
    return serviceTargets(services, { namespace, labels: textsOf(facts['labels']), ports: declaredPorts(facts['ports']) });
  const wanted = new Set(named.map(textOf));
  return (services.get(namespace) ?? []).flatMap((service) =>
    service.ports.flatMap((port) => {
      const prefix = `${service.host}:${port.number}:`;
      const found = [...wanted].find((name) => name.startsWith(prefix));
      if (found === undefined) return [];
      const target: ServiceTarget = { service, port, targetPort: Number(found.slice(prefix.length)) };
      return targetName(target) === found ? [target] : [];
    }),
  );
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
