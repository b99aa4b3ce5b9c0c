import { create } from '@bufbuild/protobuf';
import type { ConnectionPool } from '../../config/networking/destination-rule-connection-pool.ts';
import { type Cluster, Cluster_DiscoveryType, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import {
  type Built,
  type InboundClusterKey,
  type Ingress,
  type IngressEndpoint,
  isHttp,
  type PortProtocol,
  type Scope,
  type ServiceTarget,
} from '../../model/index.ts';
import { addressOf } from '../address.ts';
import { seconds } from '../duration.ts';
import { inboundClusterName } from '../names.ts';
import { effectivePolicy } from '../traffic-policy.ts';
import { type ClusterInit, connectTimeout, keepalive } from './base.ts';
import { inboundCatchAll } from './catch-all.ts';
import { originalDestination } from './discovery.ts';
import { httpOptions, upstreamProtocol } from './http-options.ts';
import { inboundBindConfig } from './inbound-bind.ts';
import { circuitBreakers } from './limits.ts';
import { istioMetadata, serviceEntryOf } from './metadata.ts';
import { clusterStatistics } from './statistics-name.ts';

/** The application's connections are its own: Envoy never forgets the address that it found. Nanoseconds of a 64-bit duration, in seconds. */
const never = 9_223_372_035;

/**
 * Clusters through which a proxy reaches its own application: one for each container port behind a service (or that its Sidecar resource declares in
 * their place), and one for all others.
 */
export function inboundClusters(scope: Scope, key: InboundClusterKey): Built<Cluster> {
  const inputs = key.ingress === undefined ? servicePorts(scope, key) : ingressPorts(scope, key, key.ingress);
  return { value: [...inputs.map((input) => inboundCluster(scope, key, input)), inboundCatchAll(scope, key)], problems: [] };
}

interface InboundPort {
  readonly number: number;
  readonly protocol: PortProtocol;
  /** Ports of services that the cluster says it is for. */
  readonly targets: readonly ServiceTarget[];
  readonly endpoint: IngressEndpoint;
  readonly pool: ConnectionPool | undefined;
}

/** Of several services on one container port the oldest decides. */
function servicePorts(scope: Scope, key: InboundClusterKey): readonly InboundPort[] {
  if (key.interception === 'NONE') return [];
  return [...Map.groupBy(key.serviceTargets, ({ targetPort }) => targetPort)].map(([number, targets]) => ({
    number,
    protocol: targets[0]?.port.protocol ?? 'TCP',
    targets: sameNumber(targets),
    endpoint: { kind: 'original-destination' },
    pool: key.inboundConnectionPool ?? rulePool(scope, targets[0]),
  }));
}

function ingressPorts(scope: Scope, { serviceTargets }: InboundClusterKey, { listeners }: Ingress): readonly InboundPort[] {
  return listeners.map(({ port, endpoint, connectionPool }) => {
    const targets = serviceTargets.filter(({ targetPort }) => targetPort === port.number);
    const pool = connectionPool ?? rulePool(scope, targets[0]);
    return { number: port.number, protocol: port.protocol, targets: sameNumber(targets), endpoint, pool };
  });
}

/** Those with the same service port as the oldest. */
function sameNumber(targets: readonly ServiceTarget[]): readonly ServiceTarget[] {
  return targets.filter(({ port }) => port.number === targets[0]?.port.number);
}

function rulePool(scope: Scope, target: ServiceTarget | undefined): ConnectionPool | undefined {
  const rule = target && scope.destinationRuleFor(target.service, {});
  return effectivePolicy(rule, target?.port.number ?? 0).connectionPool;
}

function inboundCluster(scope: Scope, key: InboundClusterKey, { number, protocol, targets, endpoint, pool }: InboundPort): Cluster {
  const isHttpLike = isHttp(protocol) || protocol === 'Auto';
  const options = httpOptions({
    protocol: upstreamProtocol(protocol, { sniffs: true, pool: { http: { useClientProtocol: pool?.http?.useClientProtocol ?? false } } }),
    preservesHeaderCase: key.preservesHeaderCase && isHttpLike,
    ...(pool && { pool }),
  });
  const name = inboundClusterName(number);
  return create(ClusterSchema, {
    name,
    altStatName: clusterStatistics(name, scope.config.inboundClusterStatName, targets[0] && { ...targets[0], subset: '' }),
    ...discovery(name, endpoint),
    connectTimeout: connectTimeout(scope.config, pool),
    ...keepalive(scope.config, pool),
    circuitBreakers: circuitBreakers(pool),
    ...(endpoint.kind !== 'loopback' && { upstreamBindConfig: inboundBindConfig(key.ipFamilies) }),
    commonLbConfig: {},
    ...(options && { typedExtensionProtocolOptions: options }),
    ...(targets.length > 0 && { metadata: istioMetadata({ services: targets.map(({ service }) => serviceEntryOf(service)) }) }),
  });
}

function discovery(name: string, endpoint: IngressEndpoint): ClusterInit {
  if (endpoint.kind === 'original-destination') return { ...originalDestination(), cleanupInterval: seconds(never) };
  return {
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.STATIC },
    loadAssignment: {
      clusterName: name,
      endpoints: [
        { lbEndpoints: [{ hostIdentifier: { case: 'endpoint', value: { address: addressOf(endpoint.address, endpoint.port) } } }] },
      ],
    },
  };
}
