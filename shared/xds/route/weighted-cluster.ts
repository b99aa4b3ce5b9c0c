import type { HttpRouteDestination } from '../../config/networking/virtual-service-destination.ts';
import type { RouteActionSchema, WeightedCluster_ClusterWeightSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import type { Init } from '../init.ts';
import type { RouteContext } from './destination.ts';
import { headerFields, newAuthority } from './headers.ts';

type RouteAction = Init<typeof RouteActionSchema>;

/** Several destinations by their weights; those without any get nothing. Each hashes requests by its own rule. */
export function weightedClusters(destinations: readonly HttpRouteDestination[], context: RouteContext): RouteAction {
  const weighted = destinations.filter(({ weight = 0 }) => weight > 0);
  return {
    clusterSpecifier: { case: 'weightedClusters', value: { clusters: weighted.map((one) => clusterWeight(one, context)) } },
    hashPolicy: weighted.flatMap(({ destination }) => (destination && context.hashOf(destination)) ?? []),
  };
}

function clusterWeight(
  { destination = {}, weight = 0, headers }: HttpRouteDestination,
  context: RouteContext,
): Init<typeof WeightedCluster_ClusterWeightSchema> {
  const authority = headers && newAuthority(headers);
  return {
    name: context.clusterOf(destination),
    weight,
    ...(headers && headerFields(headers)),
    ...(authority !== undefined && { hostRewriteSpecifier: { case: 'hostRewriteLiteral', value: authority } }),
  };
}
