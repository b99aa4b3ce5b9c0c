import type { Cluster } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import type { Built, ClusterKey, Scope } from '../../model/index.ts';
import { serviceClusters } from './outbound.ts';

/**
 * Clusters behind servers of mode AUTO_PASSTHROUGH, of everything in the mesh: named as the mesh's mutual TLS names it, and without TLS of their own,
 * because the caller's goes through.
 */
export function gatewayClusters(scope: Scope, key: ClusterKey): Built<Cluster> {
  const clusters = new Map<string, Cluster>();
  for (const service of scope.services.filter(({ isMeshExternal }) => !isMeshExternal)) {
    const rule = scope.destinationRuleFor(service, key.labels);
    for (const cluster of serviceClusters({ scope, key, service, rule, passesTls: true }))
      if (!clusters.has(cluster.name)) clusters.set(cluster.name, cluster);
  }
  return { value: [...clusters.values()], problems: [] };
}
