/**
 * The mesh as plain immutable data, and the contract of the builders in `shared/xds`:
 *
 * - A builder is a pure function of a {@link Scope} (what of the mesh is visible) and a key (what of the proxy it reads):
 *   `outboundClusters(scope, ClusterKey)`, `inboundClusters(scope, InboundClusterKey)`, `endpoints(scope, EndpointKey)`,
 *   `outboundRoutes(scope, RouteKey)`, `listeners(scope, ListenerKey)`. The key is its only view of the proxy; see `proxy.ts`.
 * - It gives {@link Built}: typed protobuf-es messages in any order (the compiler sorts by name), and the problems of objects that could not be
 *   translated. Such an object is left out with a problem that names object and field; the others are built.
 * - It never changes what it gets, and its answer depends on nothing else: no clock, no random, no environment, no module state.
 */

import type { Problem } from '../lib/problem.ts';

/** What a builder gives: its messages, and what it had to leave out. */
export interface Built<Message> {
  readonly value: readonly Message[];
  readonly problems: readonly Problem[];
}

export { buildScope, serviceKey } from './build-scope.ts';
export { clusterLocalHosts } from './cluster-local.ts';
export { type ConfigObject, configPath, hasLabels, type Labels, objectName, routeSemanticsAnnotation } from './config-object.ts';
export { indexDestinationRules } from './destination-rules.ts';
export { listenerScope } from './egress.ts';
export type { Endpoint, EndpointHealth } from './endpoint.ts';
export { decodeFeatures, defaultFeatures, type Features } from './features.ts';
export { meshGateway, withFullNames, withFullRuleHost } from './full-names.ts';
export {
  type GatewayResource,
  type GatewayServer,
  type GatewaySocket,
  gatewayName,
  isPassthrough,
  isTerminatedHttps,
  mergeGateways,
  type PlacedServer,
  passesMeshTraffic,
  type ServerHost,
  selectsProxy,
} from './gateway.ts';
export { type Ingress, type IngressEndpoint, type IngressListener, ingressOf, namesOwnAddress } from './ingress.ts';
export { type Locality, localityText, noLocality, parseLocality } from './locality.ts';
export type { Mesh } from './mesh.ts';
export type { MutualTls, MutualTlsMode } from './mutual-tls.ts';
export {
  declaredGateways,
  type FoundGateway,
  gatewayScale,
  gatewaysTo,
  type NetworkGateway,
  type NetworkGateways,
  networkByAddress,
  networkGateways,
  registryNetwork,
} from './network.ts';
export {
  indexPeerAuthentications,
  type PeerAuthentications,
  selectedPeerAuthentication,
  workloadMutualTls,
} from './peer-authentication.ts';
export {
  type CertificateFiles,
  type ClusterKey,
  clusterKeyFields,
  type EndpointKey,
  endpointKeyFields,
  type GatewayRouteKey,
  gatewayRouteKeyFields,
  type InboundClusterKey,
  inboundClusterKeyFields,
  type ListenerKey,
  type NameTableKey,
  nameTableKeyFields,
  type ProxyView,
  type RouteKey,
  routeKeyFields,
  type SecretKey,
  type ServiceTarget,
  secretKeyFields,
} from './proxy.ts';
export type { AppliedRule, EgressListener, Scope } from './scope.ts';
export type { Authority, Certificate, TlsSecret, TlsSecrets } from './secret.ts';
export { authorityName, credentialsOf, secretResourceName } from './secret-name.ts';
export {
  byAge,
  hasPersistentSessions,
  isHeadless,
  isHttp,
  isHttp2,
  type PortProtocol,
  type Resolution,
  type Service,
  type ServicePort,
} from './service.ts';
export { type ServiceScope, serviceScope } from './service-scope.ts';
export { defaultSidecar, type EgressRule, type IngressRule, type SidecarResource, type Sidecars, selectedSidecar } from './sidecar.ts';
export { decodeExportTo, isVisibleTo } from './visibility.ts';
export { canonicalName, canonicalRevision, type Workload, type WorkloadPort } from './workload.ts';
