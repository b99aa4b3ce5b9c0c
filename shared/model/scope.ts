import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import type { DestinationRule } from '../config/networking/destination-rule.ts';
import type { VirtualService } from '../config/networking/virtual-service.ts';
import type { Destination } from '../config/networking/virtual-service-destination.ts';
import type { ConfigObject, Labels } from './config-object.ts';
import type { Endpoint } from './endpoint.ts';
import type { Features } from './features.ts';
import type { MutualTlsMode } from './mutual-tls.ts';
import type { NetworkGateways } from './network.ts';
import type { TlsSecrets } from './secret.ts';
import type { Service, ServicePort } from './service.ts';

/** What the proxies of one namespace that share a Sidecar resource (or have none) see of the mesh. */
export interface Scope {
  /** The proxies' config namespace. */
  readonly namespace: string;
  readonly config: MeshConfig;
  readonly features: Features;
  /**
   * Visible services, the oldest first. One for each host, but a ServiceEntry's host has one for each address. Aliases are not among them. All have
   * clusters; which of them are listened for, {@link egressListeners} say.
   */
  readonly services: readonly Service[];
  /** Never empty, in the order of the Sidecar resource. Without one it is one for everything. */
  readonly egressListeners: readonly EgressListener[];
  /** Undefined for hosts that are not visible. An alias's host gives the service that it stands for. */
  serviceOf(host: string): Service | undefined;
  /** Visible alias hosts of a visible service, the oldest first. */
  aliasesOf(service: Service): readonly string[];
  /** Endpoints of all ports in an order that depends on nothing but their content. */
  endpointsOf(service: Service): readonly Endpoint[];
  /**
   * VirtualServices of sidecars (gateway `mesh`), in the order in which they win: those private to the namespace, those exported to it, those of
   * everybody; the oldest first in each group. Hosts and destinations are full names, delegates are merged in.
   */
  readonly virtualServices: readonly ConfigObject<VirtualService>[];
  /** VirtualServices of gateways, in the same order; those that name `mesh` too are in both lists. */
  readonly gatewayVirtualServices: readonly ConfigObject<VirtualService>[];
  /** Of the proxies' own namespace: no proxy gets those of another. */
  readonly secrets: TlsSecrets;
  /** The one rule that applies to traffic to the service, rules for one host merged; `labels` are the calling proxy's. */
  destinationRuleFor(service: Service, labels: Labels): AppliedRule | undefined;
  /** Host of the service that an extension provider names as `[NAMESPACE/]HOST`, visible or not; undefined if the mesh has no such one. */
  providerHost(service: string): string | undefined;
  /** How the workloads of a namespace take connections, as far as nothing more is said for one of them. */
  namespaceMutualTls(namespace: string): MutualTlsMode;
  /** A network without any is reached directly. */
  readonly networkGateways: NetworkGateways;
  /** Whether only endpoints in the caller's own cluster serve the host. */
  isClusterLocal(host: string): boolean;
  /** What happens to addresses that no service has: passed on, or refused. */
  readonly outboundTrafficPolicy: OutboundTrafficPolicy;
  /** Where it is passed on to, if not to its own address. */
  readonly egressProxy?: Destination;
}

export type OutboundTrafficPolicy = 'ALLOW_ANY' | 'REGISTRY_ONLY';

/** Services that are listened for together, with the rules that hold there. */
export interface EgressListener {
  /** The only port; it says which protocol is spoken. Absent: each service's own ports, as far as no other listener has them. Number 0 with a socket file. */
  readonly port?: ServicePort;
  /** Address or `unix:///PATH` to listen at; empty for the usual ones. */
  readonly bind: string;
  /** A socket of its own, whatever the proxy's interception. */
  readonly bindsPort: boolean;
  /** As {@link Scope.services}; those of a listener with a port have that port alone. */
  readonly services: readonly Service[];
  readonly virtualServices: readonly ConfigObject<VirtualService>[];
}

/** A DestinationRule after merging. Its name and namespace are those of the rule that came first. */
export type AppliedRule = ConfigObject<DestinationRule>;
