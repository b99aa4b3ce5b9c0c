import type { Labels, Selector } from './config-object.ts';
import type { Visibility } from './visibility.ts';

/**
 * The protocol of a port. `Auto` is to be found out from the first bytes.
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
export type PortProtocol =
  | 'Auto'
  | 'GRPC'
  | 'GRPC-Web'
  | 'HTTP'
  | 'HTTP2'
  | 'HTTPS'
  | 'HTTP_PROXY'
  | 'Mongo'
  | 'MySQL'
  | 'Redis'
  | 'TCP'
  | 'TLS'
  | 'UDP';

export interface ServicePort {
  readonly number: number;
  /** Empty for the only, unnamed port of a service. */
  readonly name: string;
  readonly protocol: PortProtocol;
  /** Number or name of the container port; absent means `number`. */
  readonly targetPort?: number | string;
}

/**
 * How the addresses behind a service are found: `endpoints` from the registry (EDS); `dns` and `dns-round-robin` by Envoy, for all answers or the
 * first one; `dynamic-dns` by Envoy for each host that a wildcard covers; `passthrough` the address that the client asked for (headless services,
 * ServiceEntries with resolution NONE); `alias` is another name of {@link Service.aliasOf}.
 */
export type Resolution = 'endpoints' | 'dns' | 'dns-round-robin' | 'dynamic-dns' | 'passthrough' | 'alias';

/** A name that can be called. ServiceEntries give one for each host. */
export interface Service {
  /** Full name: `web.shop.svc.cluster.local`, `api.example.com`, `*.example.com`. */
  readonly host: string;
  readonly name: string;
  readonly namespace: string;
  readonly created: string;
  readonly registry: 'Kubernetes' | 'External';
  /** Name of the object that it was made from, where that is another. */
  readonly objectName?: string;
  readonly resolution: Resolution;
  /** In the order of the object; UDP ports are among them. */
  readonly ports: readonly ServicePort[];
  /**
   * Virtual addresses in the registry's order, several for dual stack; CIDRs keep their prefix, a single address has none. Empty where there is
   * none (headless), which Istio writes as 0.0.0.0.
   */
  readonly addresses: readonly string[];
  /** Addresses that Istio gave a host without any; for proxies that capture DNS and allow it. */
  readonly autoAddresses: readonly string[];
  readonly visibility: Visibility;
  /** Outside of the mesh: never mutual TLS of Istio's own. */
  readonly isMeshExternal: boolean;
  /** Pods that belong to the service; absent for services that pick none. */
  readonly selector?: Selector;
  readonly labels: Labels;
  /** Host that an `alias` stands for. */
  readonly aliasOf?: string;
  /** Names that certificates of the service may carry besides its service accounts'. */
  readonly subjectAltNames: readonly string[];
  /** Only endpoints on the caller's own node (`internalTrafficPolicy: Local`). */
  readonly isNodeLocal: boolean;
  /** Prefer endpoints near the caller, also without outlier detection. */
  readonly trafficDistribution?: 'same-zone' | 'same-node';
  readonly publishesNotReadyAddresses: boolean;
}

/** Order of services and of everything else that a user wrote: the oldest first, then by `name.namespace`. */
export function byAge(a: Aged, b: Aged): number {
  if (a.created !== b.created) return a.created < b.created ? -1 : 1;
  const [left, right] = [`${a.name}.${a.namespace}`, `${b.name}.${b.namespace}`];
  return left === right ? 0 : left < right ? -1 : 1;
}

interface Aged {
  readonly created: string;
  readonly name: string;
  readonly namespace: string;
}

/** Headless in Kubernetes: callers connect to the pods themselves. */
export function isHeadless({ registry, resolution }: Service): boolean {
  return registry === 'Kubernetes' && resolution === 'passthrough';
}

/** Whether clients stick to an endpoint: then they keep using one that is going away. */
export function hasPersistentSessions({ labels }: Pick<Service, 'labels'>): boolean {
  return persistentSessionLabels.some((label) => (labels[label] ?? '') !== '');
}

const persistentSessionLabels = ['istio.io/persistent-session', 'istio.io/persistent-session-header'];

/** Protocols that get HTTP routes of their own; `Auto` may turn out to be one of them. */
export function isHttp(protocol: PortProtocol): boolean {
  return httpProtocols.has(protocol);
}

/** Protocols of which Envoy speaks HTTP/2 to the endpoint. */
export function isHttp2(protocol: PortProtocol): boolean {
  return protocol === 'HTTP2' || protocol === 'GRPC' || protocol === 'GRPC-Web';
}

const httpProtocols: ReadonlySet<PortProtocol> = new Set(['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-Web']);
