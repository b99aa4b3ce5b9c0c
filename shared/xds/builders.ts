/** The builders of all resources, each with what it reads. The order is that of the chunks in a class. */

import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import { type Cluster, Cluster_DiscoveryType, ClusterSchema } from '../gen/envoy/config/cluster/v3/cluster_pb.js';
import { ClusterLoadAssignmentSchema } from '../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import { ListenerSchema } from '../gen/envoy/config/listener/v3/listener_pb.js';
import { RouteConfigurationSchema } from '../gen/envoy/config/route/v3/route_pb.js';
import { SecretSchema } from '../gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import { NameTableSchema } from '../gen/istio/nds_pb.js';
import { ProxyConfigSchema } from '../gen/istio/proxy_config_pb.js';
import type { Problem } from '../lib/problem.ts';
import { encode, typeUrlOf } from '../lib/protobuf.ts';
import {
  type Built,
  clusterKeyFields,
  endpointKeyFields,
  gatewayRouteKeyFields,
  inboundClusterKeyFields,
  nameTableKeyFields,
  type ProxyView,
  passesMeshTraffic,
  routeKeyFields,
  type Scope,
  type ServiceScope,
  secretKeyFields,
} from '../model/index.ts';
import { outboundCatchAll } from './cluster/catch-all.ts';
import { gatewayClusters } from './cluster/gateway.ts';
import { inboundClusters } from './cluster/inbound.ts';
import { clustersOfServices } from './cluster/outbound.ts';
import { endpoints } from './endpoint/endpoints.ts';
import { gatewayEndpoints } from './endpoint/gateway.ts';
import { gatewayListeners } from './listener/gateway.ts';
import { gatewayListenerFields, httpListenerFields, inboundListenerFields, tcpListenerFields } from './listener/keys.ts';
import { inboundListeners, sharedListeners } from './listener/listeners.ts';
import { httpListeners } from './listener/outbound.ts';
import { nameTable, nameTableName } from './name-table.ts';
import { type ObjectRef, originsOf } from './origins.ts';
import { gatewayRoutes } from './route/gateway.ts';
import { outboundRoutes } from './route/outbound.ts';
import { secrets } from './secret/secrets.ts';
import { trustBundle, trustBundleName } from './trust-bundle.ts';

/**
 * What of a scope a builder reads besides settings and DestinationRules: the visible services; `egress`, which of them are listened for where; VirtualServices, all of them or only those that route
 * connections (`connectionRoutes`); `gatewayRoutes`, those of gateways; the namespace's `secrets`; `identities`, which is who endpoints run as, and the endpoints themselves where Envoy gets them without EDS; the
 * endpoints of services that callers reach by the endpoints' addresses; or all endpoints.
 */
export type ScopePart =
  | 'services'
  | 'egress'
  | 'virtualServices'
  | 'connectionRoutes'
  | 'gatewayRoutes'
  | 'secrets'
  | 'identities'
  | 'passthroughEndpoints'
  | 'endpoints';

/** A resource as bytes, with the objects that it was made from. */
export interface EncodedResource {
  readonly typeUrl: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Of a cluster that takes its endpoints from EDS: the assignment that Envoy waits for. */
  readonly assignment?: string;
  readonly origins: readonly ObjectRef[];
}

export interface ChunkBuilder {
  readonly name: string;
  readonly reads: readonly ScopePart[];
  /** Properties of the proxy that it reads. */
  readonly fields: readonly (keyof ProxyView)[];
  /** Whether such a proxy gets the chunk at all in a mesh with these settings. */
  isFor(view: ProxyView, config: MeshConfig): boolean;
  /** Builds and encodes what concerns one service alone: once for all scopes that agree about it. Absent if there is no such thing. */
  buildService?(scope: ServiceScope, view: ProxyView): EncodedPart;
  /** Builds and encodes, without what {@link buildService} gives. */
  build(scope: Scope, view: ProxyView): EncodedPart;
}

export interface EncodedPart {
  readonly resources: readonly EncodedResource[];
  readonly problems: readonly Problem[];
}

interface BuilderSpec<Desc extends DescMessage, Field extends keyof ProxyView> {
  readonly name: string;
  readonly reads: readonly ScopePart[];
  readonly fields: readonly Field[];
  readonly schema: Desc;
  readonly isFor?: (view: ProxyView, config: MeshConfig) => boolean;
  readonly buildService?: (scope: ServiceScope, key: Pick<ProxyView, Field>) => Built<MessageShape<Desc>>;
  readonly build: (scope: Scope, key: Pick<ProxyView, Field>) => Built<MessageShape<Desc>>;
  readonly nameOf: (message: MessageShape<Desc>) => string;
  /** Name of the assignment that Envoy waits for. */
  readonly assignmentOf?: (message: MessageShape<Desc>) => string | undefined;
}

export const builders: readonly ChunkBuilder[] = [
  builder({
    name: 'outbound-clusters',
    reads: ['services', 'identities'],
    fields: clusterKeyFields,
    schema: ClusterSchema,
    buildService: clustersOfServices,
    build: (scope, key) => ({ value: outboundCatchAll(scope, key), problems: [] }),
    nameOf: ({ name }) => name,
    assignmentOf,
  }),
  builder({
    name: 'inbound-clusters',
    reads: [],
    fields: inboundClusterKeyFields,
    schema: ClusterSchema,
    isFor: isSidecar,
    build: inboundClusters,
    nameOf: ({ name }) => name,
  }),
  builder({
    name: 'endpoints',
    reads: ['services', 'endpoints'],
    fields: endpointKeyFields,
    schema: ClusterLoadAssignmentSchema,
    build: endpoints,
    nameOf: ({ clusterName }) => clusterName,
  }),
  builder({
    name: 'shared-listeners',
    reads: ['services', 'egress', 'connectionRoutes', 'passthroughEndpoints'],
    fields: tcpListenerFields,
    schema: ListenerSchema,
    isFor: isSidecar,
    build: sharedListeners,
    nameOf: ({ name }) => name,
  }),
  builder({
    name: 'http-listeners',
    reads: ['services', 'egress', 'connectionRoutes', 'passthroughEndpoints'],
    fields: httpListenerFields,
    schema: ListenerSchema,
    isFor: isSidecar,
    build: (scope, key) => ({ value: httpListeners(scope, key), problems: [] }),
    nameOf: ({ name }) => name,
  }),
  builder({
    name: 'inbound-listeners',
    reads: [],
    fields: inboundListenerFields,
    schema: ListenerSchema,
    isFor: isSidecar,
    build: inboundListeners,
    nameOf: ({ name }) => name,
  }),
  builder({
    name: 'gateway-clusters',
    reads: ['services', 'identities'],
    fields: clusterKeyFields,
    schema: ClusterSchema,
    isFor: ({ gateway }) => gateway !== undefined && passesMeshTraffic(gateway),
    build: gatewayClusters,
    nameOf: ({ name }) => name,
    assignmentOf,
  }),
  builder({
    name: 'gateway-endpoints',
    reads: ['services', 'endpoints'],
    fields: endpointKeyFields,
    schema: ClusterLoadAssignmentSchema,
    isFor: ({ gateway }) => gateway !== undefined && passesMeshTraffic(gateway),
    build: gatewayEndpoints,
    nameOf: ({ clusterName }) => clusterName,
  }),
  builder({
    name: 'secrets',
    reads: ['services', 'secrets'],
    fields: secretKeyFields,
    schema: SecretSchema,
    isFor: ({ takesSecrets }) => takesSecrets,
    build: secrets,
    nameOf: ({ name }) => name,
  }),
  builder({
    name: 'gateway-listeners',
    reads: ['services', 'gatewayRoutes'],
    fields: gatewayListenerFields,
    schema: ListenerSchema,
    isFor: isGateway,
    build: gatewayListeners,
    nameOf: ({ name }) => name,
  }),
  builder({
    name: 'gateway-routes',
    reads: ['services', 'gatewayRoutes'],
    fields: gatewayRouteKeyFields,
    schema: RouteConfigurationSchema,
    isFor: isGateway,
    build: gatewayRoutes,
    nameOf: ({ name }) => name,
  }),
  builder({
    name: 'outbound-routes',
    reads: ['services', 'egress', 'virtualServices', 'passthroughEndpoints'],
    fields: routeKeyFields,
    schema: RouteConfigurationSchema,
    isFor: isSidecar,
    build: outboundRoutes,
    nameOf: ({ name }) => name,
  }),
  builder({
    name: 'name-table',
    reads: ['services', 'passthroughEndpoints'],
    fields: nameTableKeyFields,
    schema: NameTableSchema,
    isFor: ({ type, capturesDns }) => type === 'sidecar' && capturesDns,
    build: nameTable,
    nameOf: () => nameTableName,
  }),
  builder({
    name: 'trust-bundle',
    reads: [],
    fields: [],
    schema: ProxyConfigSchema,
    isFor: (_, { caCertificates = [] }) => caCertificates.length > 0,
    build: trustBundle,
    nameOf: () => trustBundleName,
  }),
];

function isSidecar({ type }: ProxyView): boolean {
  return type === 'sidecar';
}

function isGateway({ gateway }: ProxyView): boolean {
  return gateway !== undefined && gateway.sockets.length + gateway.problems.length > 0;
}

function assignmentOf({ clusterDiscoveryType, edsClusterConfig, name }: Cluster): string | undefined {
  const isEds = clusterDiscoveryType.case === 'type' && clusterDiscoveryType.value === Cluster_DiscoveryType.EDS;
  return isEds ? edsClusterConfig?.serviceName || name : undefined;
}

function builder<Desc extends DescMessage, Field extends keyof ProxyView>(spec: BuilderSpec<Desc, Field>): ChunkBuilder {
  const { name, reads, fields, schema, isFor = () => true, nameOf } = spec;
  const typeUrl = typeUrlOf(schema);
  const encoded = (message: MessageShape<Desc>, scope: ServiceScope): EncodedResource => {
    const assignment = spec.assignmentOf?.(message);
    return {
      typeUrl,
      name: nameOf(message),
      bytes: encode(schema, message),
      ...(assignment !== undefined && { assignment }),
      origins: originsOf(schema, message, scope),
    };
  };
  const part = ({ value, problems }: Built<MessageShape<Desc>>, scope: ServiceScope): EncodedPart => {
    return { resources: value.map((message) => encoded(message, scope)), problems };
  };
  const { buildService } = spec;
  return {
    name,
    reads,
    fields,
    isFor,
    ...(buildService && { buildService: (scope, view) => part(buildService(scope, pick(view, fields)), scope) }),
    build: (scope, view) => part(spec.build(scope, pick(view, fields)), scope),
  };
}

/** Nothing of the view beyond the fields. */
function pick<Field extends keyof ProxyView>(view: ProxyView, fields: readonly Field[]): Pick<ProxyView, Field> {
  const present = fields.filter((field) => view[field] !== undefined).map((field) => [field, view[field]]);
  return Object.fromEntries(present) as Pick<ProxyView, Field>;
}
