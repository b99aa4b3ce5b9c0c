import type { KubeService } from '../../kube/service.ts';
import { decodeExportTo, type Resolution, type Service, type ServicePort } from '../../model/index.ts';
import { portProtocol } from './protocol.ts';

/** What of the mesh's settings decides about services. */
export interface ServiceSettings {
  /** `cluster.local` */
  readonly domain: string;
  readonly trustDomain: string;
  /** Visibility of services that say nothing. */
  readonly defaultExportTo: readonly string[];
}

/** A Kubernetes service as a service of the mesh. */
export function kubernetesService({ metadata = {}, spec = {} }: KubeService, settings: ServiceSettings): Service {
  const { name = '', namespace = '', annotations = {}, labels = {} } = metadata;
  const resolution = resolutionOf(spec);
  return {
    host: serviceHost(name, namespace, settings.domain),
    name,
    namespace,
    created: metadata.creationTimestamp ?? '',
    registry: 'Kubernetes',
    resolution,
    ports: (spec.ports ?? []).map(servicePort),
    addresses: clusterAddresses(spec),
    autoAddresses: [],
    visibility: decodeExportTo(splitList(annotations['networking.istio.io/exportTo']), namespace, settings.defaultExportTo),
    isMeshExternal: false,
    ...(spec.selector !== undefined && Object.keys(spec.selector).length > 0 && { selector: spec.selector }),
    labels,
    ...(resolution === 'alias' && { aliasOf: spec.externalName ?? '' }),
    subjectAltNames: annotatedNames(annotations, namespace, settings.trustDomain),
    isNodeLocal: spec.internalTrafficPolicy === 'Local',
    ...trafficDistribution(spec.trafficDistribution ?? annotations['networking.istio.io/traffic-distribution']),
    publishesNotReadyAddresses: spec.publishNotReadyAddresses === true,
  };
}

/** `web.shop.svc.cluster.local` */
export function serviceHost(name: string, namespace: string, domain: string): string {
  return `${name}.${namespace}.svc.${domain}`;
}

type Spec = NonNullable<KubeService['spec']>;

function resolutionOf({ type, clusterIP }: Spec): Resolution {
  if (type === 'ExternalName') return 'alias';
  return clusterIP === 'None' ? 'passthrough' : 'endpoints';
}

function clusterAddresses({ type, clusterIP = '', clusterIPs = [] }: Spec): readonly string[] {
  if (type === 'ExternalName') return [];
  const addresses = clusterIPs.length > 0 ? clusterIPs : [clusterIP];
  return addresses.filter((address) => address !== '' && address !== 'None');
}

function servicePort(port: NonNullable<Spec['ports']>[number]): ServicePort {
  const { port: number = 0, name = '', targetPort } = port;
  const isGiven = targetPort !== undefined && targetPort !== 0 && targetPort !== '';
  return { number, name, protocol: portProtocol(port), ...(isGiven && { targetPort }) };
}

const distributions: ReadonlyMap<string, NonNullable<Service['trafficDistribution']>> = new Map([
  ['PreferClose', 'same-zone'],
  ['PreferSameZone', 'same-zone'],
  ['PreferSameNode', 'same-node'],
]);

function trafficDistribution(text: string | undefined): Pick<Service, 'trafficDistribution'> {
  const found = distributions.get(text ?? '');
  return found === undefined ? {} : { trafficDistribution: found };
}

/** Accounts that a service names itself, for endpoints that no pod of this cluster stands behind. */
function annotatedNames(annotations: Readonly<Record<string, string>>, namespace: string, trustDomain: string): readonly string[] {
  const accounts = splitList(annotations['alpha.istio.io/kubernetes-serviceaccounts']);
  const canonical = splitList(annotations['alpha.istio.io/canonical-serviceaccounts']);
  return [
    ...accounts.map((account) => `spiffe://${trustDomain}/ns/${namespace}/sa/${account}`),
    ...canonical.map((account) => `spiffe://${account}`),
  ];
}

function splitList(text = ''): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
