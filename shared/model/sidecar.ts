/** Which Sidecar resource a proxy follows. */

import type { ConnectionPool } from '../config/networking/destination-rule-connection-pool.ts';
import type { Destination } from '../config/networking/virtual-service-destination.ts';
import { hasLabels, type Labels, type Selector } from './config-object.ts';
import type { OutboundTrafficPolicy } from './scope.ts';
import type { ServicePort } from './service.ts';

/** A Sidecar resource, read: names of protocols, defaults and abbreviations are worked out. */
export interface SidecarResource {
  readonly name: string;
  readonly namespace: string;
  /** Proxies of its namespace that it is for; absent for all. */
  readonly selector?: Selector;
  /** Where the object has none there is one for everything; empty only if all that it has are broken. */
  readonly egress: readonly EgressRule[];
  /** Not empty: they replace everything that services say about inbound ports. */
  readonly ingress: readonly IngressRule[];
  readonly inboundConnectionPool?: ConnectionPool;
  /** Absent: the mesh's. */
  readonly outbound?: { readonly policy: OutboundTrafficPolicy; readonly egressProxy?: Destination };
}

/** What one egress listener imports, and where it listens. */
export interface EgressRule {
  /** Absent: each service's own ports. */
  readonly port?: ServicePort;
  /** Address or `unix:///PATH`; empty for the usual ones. */
  readonly bind: string;
  /** A socket of its own, whatever the proxy's interception. */
  readonly bindsPort: boolean;
  /** `NAMESPACE/HOST` as the user wrote them. */
  readonly hosts: readonly string[];
}

/** One ingress listener. */
export interface IngressRule {
  readonly port: ServicePort;
  readonly bind: string;
  readonly captureMode: 'DEFAULT' | 'IPTABLES' | 'NONE';
  /** Empty: where the caller went. */
  readonly defaultEndpoint: string;
  readonly connectionPool?: ConnectionPool;
}

/** All Sidecars of a mesh. */
export interface Sidecars {
  readonly rootNamespace: string;
  /** The oldest first. */
  readonly byNamespace: ReadonlyMap<string, readonly SidecarResource[]>;
}

/** The oldest one that names labels of the workload. */
export function selectedSidecar({ byNamespace }: Sidecars, namespace: string, labels: Labels): SidecarResource | undefined {
  return byNamespace.get(namespace)?.find(({ selector }) => selector !== undefined && hasLabels(labels, selector));
}

/** For workloads that none selects: the namespace's own, else that of the root namespace, which is for every namespace. */
export function defaultSidecar({ byNamespace, rootNamespace }: Sidecars, namespace: string): SidecarResource | undefined {
  const unselective = (of: string) => byNamespace.get(of)?.find(({ selector }) => selector === undefined);
  return unselective(namespace) ?? unselective(rootNamespace);
}
