import { create } from '@bufbuild/protobuf';
import { type Cluster, Cluster_DiscoveryType, Cluster_LbPolicy, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { type Built, type InboundClusterKey, isHttp, type Scope, type ServiceTarget } from '../../model/index.ts';
import { seconds } from '../duration.ts';
import { inboundClusterName } from '../names.ts';
import { effectivePolicy } from '../traffic-policy.ts';
import { connectTimeout, keepalive } from './base.ts';
import { inboundCatchAll } from './catch-all.ts';
import { httpOptions, upstreamProtocol } from './http-options.ts';
import { inboundBindConfig } from './inbound-bind.ts';
import { circuitBreakers } from './limits.ts';
import { istioMetadata, serviceEntryOf } from './metadata.ts';
import { clusterStatistics } from './statistics-name.ts';

/** The application's connections are its own: Envoy never forgets the address that it found. Nanoseconds of a 64-bit duration, in seconds. */
const never = 9_223_372_035;

/** Clusters through which a proxy reaches its own application: one for each container port behind a service, and one for all others. */
export function inboundClusters(scope: Scope, key: InboundClusterKey): Built<Cluster> {
  const byPort = Map.groupBy(key.serviceTargets, ({ targetPort }) => targetPort);
  const clusters = key.interception === 'NONE' ? [] : [...byPort.values()].map((targets) => inboundCluster(scope, key, targets));
  return { value: [...clusters, inboundCatchAll(scope, key)], problems: [] };
}

/** Of several services on one container port the oldest decides. */
function inboundCluster(scope: Scope, { ipFamilies, preservesHeaderCase }: InboundClusterKey, targets: readonly ServiceTarget[]): Cluster {
  const [first] = targets;
  const targetPort = first?.targetPort ?? 0;
  const sameports = targets.filter(({ port }) => port.number === first?.port.number);
  const rule = first && scope.destinationRuleFor(first.service, {});
  const { connectionPool: pool } = effectivePolicy(rule, first?.port.number ?? 0);
  const portProtocol = first?.port.protocol ?? 'TCP';
  const protocol = upstreamProtocol(portProtocol, { sniffs: true });
  const isHttpLike = isHttp(portProtocol) || portProtocol === 'Auto';
  const options = httpOptions({ protocol, preservesHeaderCase: preservesHeaderCase && isHttpLike, ...(pool && { pool }) });
  const name = inboundClusterName(targetPort);
  return create(ClusterSchema, {
    name,
    altStatName: clusterStatistics(name, scope.config.inboundClusterStatName, first && { ...first, subset: '' }),
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.ORIGINAL_DST },
    lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
    connectTimeout: connectTimeout(scope.config, pool),
    ...keepalive(scope.config, pool),
    circuitBreakers: circuitBreakers(pool),
    cleanupInterval: seconds(never),
    upstreamBindConfig: inboundBindConfig(ipFamilies),
    commonLbConfig: {},
    ...(options && { typedExtensionProtocolOptions: options }),
    metadata: istioMetadata({ services: sameports.map(({ service }) => serviceEntryOf(service)) }),
  });
}
