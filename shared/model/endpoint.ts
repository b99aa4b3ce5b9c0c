import type { Labels } from './config-object.ts';
import type { Locality } from './locality.ts';

/**
 * `healthy` and `unhealthy` are told to Envoy; `terminating` is never sent; `draining` serves the sessions that it has; `unknown` is for registries
 * that do not say (ServiceEntries, gateways of other networks).
 */
export type EndpointHealth = 'healthy' | 'unhealthy' | 'draining' | 'terminating' | 'unknown';

/** One address that serves one port of one service. */
export interface Endpoint {
  /** IP address, host name, or the path of a Unix socket. */
  readonly address: string;
  /** Further addresses of the same pod in other IP families (dual stack). */
  readonly additionalAddresses: readonly string[];
  /** Name of the service port that it serves. */
  readonly servicePortName: string;
  readonly port: number;
  readonly health: EndpointHealth;
  /** Relative to the other endpoints; 1 unless the registry says more. */
  readonly weight: number;
  /** Of the pod or WorkloadEntry; subsets look at them. */
  readonly labels: Labels;
  readonly namespace: string;
  /** Empty if unknown. */
  readonly serviceAccount: string;
  readonly locality: Locality;
  readonly network: string;
  /** Id of the cluster that it was found in. */
  readonly cluster: string;
  /** Whether its sidecar speaks Istio's mutual TLS. */
  readonly tlsMode: 'istio' | 'disabled';
  /** A PeerAuthentication turns mutual TLS off for its port, whatever its sidecar can. */
  readonly refusesMutualTls?: boolean;
  /** Name of what owns the pod; empty if there is none. */
  readonly workloadName: string;
  readonly canonicalName: string;
  readonly canonicalRevision: string;
  /** Empty if unknown. */
  readonly nodeName: string;
  /** Name and subdomain of the pod in its headless service's DNS; empty if it has none. */
  readonly hostname: string;
  readonly subdomain: string;
}
