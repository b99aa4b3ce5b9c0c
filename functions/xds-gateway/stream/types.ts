/** What the protocol says about the resource types; nothing of it is Istio's. */

const prefix = 'type.googleapis.com/';

export const clusterType = `${prefix}envoy.config.cluster.v3.Cluster`;
export const endpointType = `${prefix}envoy.config.endpoint.v3.ClusterLoadAssignment`;
export const listenerType = `${prefix}envoy.config.listener.v3.Listener`;
export const routeType = `${prefix}envoy.config.route.v3.RouteConfiguration`;
export const secretType = `${prefix}envoy.extensions.transport_sockets.tls.v3.Secret`;
export const extensionType = `${prefix}envoy.config.core.v3.TypedExtensionConfig`;
export const nameTableType = `${prefix}istio.networking.nds.v1.NameTable`;
export const proxyConfigType = `${prefix}istio.mesh.v1alpha1.ProxyConfig`;

/** Types that a stream may ask for even where the snapshot has none of them. */
export const servedTypes: readonly string[] = [
  clusterType,
  endpointType,
  listenerType,
  routeType,
  secretType,
  extensionType,
  nameTableType,
  proxyConfigType,
];

const namedTypes: ReadonlySet<string> = new Set([endpointType, routeType, secretType, extensionType]);

/** Asked for by name only: an empty list of names means nothing, not everything. */
export function isNamedType(typeUrl: string): boolean {
  return namedTypes.has(typeUrl);
}

export const assignmentStep = 1;

const stepOf: ReadonlyMap<string, number> = new Map([
  [clusterType, 0],
  [endpointType, assignmentStep],
  [listenerType, 2],
]);

/** The step in which additions of a type are sent: clusters, their endpoints, listeners, and then all that listeners name. */
export function addStep(typeUrl: string): number {
  return stepOf.get(typeUrl) ?? lastAddStep;
}

export const lastAddStep = 3;

const removalOrder = [listenerType, routeType, clusterType, endpointType];

/** Types in the order of their removals: who refers goes before what is referred to. */
export function byRemoval(typeUrls: readonly string[]): readonly string[] {
  const rest = typeUrls.filter((typeUrl) => !removalOrder.includes(typeUrl)).sort();
  return [...removalOrder.filter((typeUrl) => typeUrls.includes(typeUrl)), ...rest];
}
