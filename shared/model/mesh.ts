import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import type { VirtualService } from '../config/networking/virtual-service.ts';
import type { ConfigObject } from './config-object.ts';
import type { DestinationRules } from './destination-rules.ts';
import type { Endpoint } from './endpoint.ts';
import type { Features } from './features.ts';
import type { GatewayResource } from './gateway.ts';
import type { NetworkGateways } from './network.ts';
import type { PeerAuthentications } from './peer-authentication.ts';
import type { TlsSecrets } from './secret.ts';
import type { Service } from './service.ts';
import type { Sidecars } from './sidecar.ts';
import type { Workload } from './workload.ts';

/** Everything that all sources know together: the same for every proxy, never changed after it is built. */
export interface Mesh {
  readonly config: MeshConfig;
  readonly features: Features;
  /** All services of all namespaces, the oldest first. Several may have one host. */
  readonly services: readonly Service[];
  /** Endpoints of all ports, by `namespace/host` of their service. */
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>;
  /** By `namespace/name`. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** The oldest first; short host names are completed, delegates merged into their roots. */
  readonly virtualServices: readonly ConfigObject<VirtualService>[];
  readonly destinationRules: DestinationRules;
  readonly sidecars: Sidecars;
  /** The oldest first. */
  readonly gateways: readonly GatewayResource[];
  /** By namespace. */
  readonly secrets: ReadonlyMap<string, TlsSecrets>;
  readonly peerAuthentications: PeerAuthentications;
  readonly networkGateways: NetworkGateways;
  /** Hosts, also with wildcards, whose endpoints serve their own cluster alone. */
  readonly clusterLocalHosts: readonly string[];
}
