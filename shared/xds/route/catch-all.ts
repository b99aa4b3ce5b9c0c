import type { VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import type { Scope } from '../../model/index.ts';
import { catchAllCluster } from '../catch-all-cluster.ts';
import { seconds } from '../duration.ts';
import type { Init } from '../init.ts';
import type { Route } from './http-route.ts';
import { routeMatch } from './match.ts';

/** What happens to hosts that no virtual host knows: passed on to the address that was asked for, or refused. */
export function catchAllVirtualHost(scope: Pick<Scope, 'outboundTrafficPolicy' | 'egressProxy'>): Init<typeof VirtualHostSchema> {
  const { outboundTrafficPolicy: policy } = scope;
  const name = policy === 'ALLOW_ANY' ? 'allow_any' : 'block_all';
  const route: Route = { name, match: routeMatch(undefined), action: policy === 'ALLOW_ANY' ? passOn(catchAllCluster(scope)) : refuse };
  return { name, domains: ['*'], routes: [route] };
}

const refuse = { case: 'directResponse', value: { status: 502 } } as const;

function passOn(cluster: string): NonNullable<Route['action']> {
  const clusterSpecifier = { case: 'cluster', value: cluster } as const;
  return { case: 'route', value: { clusterSpecifier, timeout: seconds(0), maxGrpcTimeout: seconds(0) } };
}
