import type { ProxyConfig } from '../config/mesh/proxy-config.ts';
import type { ConnectionPool } from '../config/networking/destination-rule-connection-pool.ts';
import type { Labels } from './config-object.ts';
import type { MergedGateway } from './gateway.ts';
import type { Ingress } from './ingress.ts';
import type { Locality } from './locality.ts';
import type { MutualTls } from './mutual-tls.ts';
import type { Service, ServicePort } from './service.ts';

/**
 * Everything about a proxy that may change what it gets. No builder sees it as a whole: each has a key, a pick of the properties that it reads, and
 * a chunk is stored under its key. A builder that needs one more property adds it to its list below, and so to the key.
 */
export interface ProxyView {
  readonly type: 'sidecar' | 'router';
  /** Domain of its DNS searches, `shop.svc.cluster.local`: decides which short names it can use. */
  readonly dnsDomain: string;
  /** Id of its cluster, `Kubernetes`. */
  readonly cluster: string;
  /** Empty if there is only one. */
  readonly network: string;
  /** Networks whose endpoints it wants to see at all; empty for those of every network. */
  readonly networkView: readonly string[];
  readonly locality: Locality;
  /** Of the workload; only keys that some rule of the mesh names. */
  readonly labels: Labels;
  /** Empty unless a visible service is node-local. */
  readonly nodeName: string;
  readonly ipFamilies: 'v4' | 'v6' | 'dual';
  /** Own addresses; empty unless the workload is behind a headless TCP service of its own. */
  readonly addresses: readonly string[];
  /** The newest release that changed something and that the proxy has reached: `1.28`, `1.29`, …; empty for older ones. */
  readonly version: string;
  readonly interception: 'REDIRECT' | 'TPROXY' | 'NONE';
  readonly capturesDns: boolean;
  readonly takesAutoAddresses: boolean;
  readonly acceptsHttp10: boolean;
  /** Protobuf JSON (`42s`); empty if not set. */
  readonly idleTimeout: string;
  /** Port on which it is an HTTP proxy for its applications; 0 leaves it to the mesh. */
  readonly httpProxyPort: number;
  readonly exactBalance: ExactBalance;
  readonly clientCertificate?: CertificateFiles;
  readonly serverCertificate?: CertificateFiles;
  /** Cannot bind ports below 1024. */
  readonly isUnprivileged: boolean;
  /** Ports that the proxy itself serves: health, metrics. */
  readonly ownPorts: readonly number[];
  readonly meshId: string;
  /** By which spans name the workload; empty if no label says. */
  readonly canonicalName: string;
  readonly canonicalRevision: string;
  /** `cluster` of its node; empty unless spans are sent to a provider that is told of it. */
  readonly nodeCluster: string;
  /** HTTP/1 headers keep the case that they came with. */
  readonly preservesHeaderCase: boolean;
  /** Of its own ProxyConfig the parts that change what it gets; absent where it brought none. */
  readonly proxyConfig?: Pick<ProxyConfig, 'proxyHeaders' | 'tracing' | 'gatewayTopology'>;
  /** Ports of the services that pick the workload, the oldest service first. */
  readonly serviceTargets: readonly ServiceTarget[];
  /** Inbound ports that a Sidecar resource declares in place of the services'. */
  readonly ingress?: Ingress;
  /** Of a Sidecar resource: limits of connections to the application. */
  readonly inboundConnectionPool?: ConnectionPool;
  /** Of a gateway proxy: what the Gateways that pick it ask for. */
  readonly gateway?: MergedGateway;
  /** Whether the control plane hands out secrets to it: gateways, and sidecars that some rule with a credential selects. */
  readonly takesSecrets: boolean;
  /** Mode of inbound TLS: for all ports, and for single target ports. */
  readonly mutualTls: MutualTls;
  /** Whether it has Istio's own Envoy extensions (`istio.stats`, metadata exchange, ALPN). */
  readonly hasIstioExtensions: boolean;
}

export interface ExactBalance {
  readonly inbound: boolean;
  readonly outbound: boolean;
}

/** Paths of PEM files on the proxy's own disk. */
export interface CertificateFiles {
  readonly chain: string;
  readonly key: string;
  readonly root: string;
}

/** One port of one service that the workload serves. */
export interface ServiceTarget {
  readonly service: Service;
  readonly port: ServicePort;
  /** Number of the container port. */
  readonly targetPort: number;
}

export const clusterKeyFields = [
  'type',
  'cluster',
  'network',
  'networkView',
  'locality',
  'labels',
  'ipFamilies',
  'clientCertificate',
  'preservesHeaderCase',
  'hasIstioExtensions',
] as const satisfies readonly (keyof ProxyView)[];
export type ClusterKey = Pick<ProxyView, (typeof clusterKeyFields)[number]>;

export const inboundClusterKeyFields = [
  'labels',
  'ipFamilies',
  'interception',
  'serviceTargets',
  'ingress',
  'inboundConnectionPool',
  'preservesHeaderCase',
] as const satisfies readonly (keyof ProxyView)[];
export type InboundClusterKey = Pick<ProxyView, (typeof inboundClusterKeyFields)[number]>;

export const endpointKeyFields = [
  'type',
  'cluster',
  'network',
  'networkView',
  'locality',
  'labels',
  'nodeName',
  'ipFamilies',
  'clientCertificate',
] as const satisfies readonly (keyof ProxyView)[];
export type EndpointKey = Pick<ProxyView, (typeof endpointKeyFields)[number]>;

export const routeKeyFields = [
  'dnsDomain',
  'labels',
  'ipFamilies',
  'interception',
  'isUnprivileged',
  'ownPorts',
  'httpProxyPort',
  'capturesDns',
  'takesAutoAddresses',
  'proxyConfig',
] as const satisfies readonly (keyof ProxyView)[];
export type RouteKey = Pick<ProxyView, (typeof routeKeyFields)[number]>;

export const nameTableKeyFields = [
  'network',
  'ipFamilies',
  'capturesDns',
  'takesAutoAddresses',
] as const satisfies readonly (keyof ProxyView)[];
export type NameTableKey = Pick<ProxyView, (typeof nameTableKeyFields)[number]>;

export const gatewayRouteKeyFields = ['gateway', 'labels', 'proxyConfig'] as const satisfies readonly (keyof ProxyView)[];
export type GatewayRouteKey = Pick<ProxyView, (typeof gatewayRouteKeyFields)[number]>;

export const secretKeyFields = ['gateway', 'labels', 'type'] as const satisfies readonly (keyof ProxyView)[];
export type SecretKey = Pick<ProxyView, (typeof secretKeyFields)[number]>;

const listenerKeyFields = [
  'dnsDomain',
  'cluster',
  'labels',
  'ipFamilies',
  'httpProxyPort',
  'addresses',
  'version',
  'interception',
  'capturesDns',
  'takesAutoAddresses',
  'acceptsHttp10',
  'idleTimeout',
  'exactBalance',
  'serverCertificate',
  'isUnprivileged',
  'ownPorts',
  'meshId',
  'nodeCluster',
  'canonicalName',
  'canonicalRevision',
  'proxyConfig',
  'serviceTargets',
  'ingress',
  'mutualTls',
  'hasIstioExtensions',
] as const satisfies readonly (keyof ProxyView)[];
export type ListenerKey = Pick<ProxyView, (typeof listenerKeyFields)[number]>;
