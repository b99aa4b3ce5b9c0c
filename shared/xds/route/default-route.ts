import type { HttpRetry } from '../../config/networking/virtual-service-retry.ts';
import type { RouteAction_HashPolicySchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { seconds } from '../duration.ts';
import type { Init } from '../init.ts';
import { outboundClusterName } from '../names.ts';
import type { Route } from './http-route.ts';
import { routeMatch } from './match.ts';
import { retryPolicy } from './retry.ts';

/** What the default route of a service's port reads. */
export interface DefaultRouteInput {
  readonly host: string;
  readonly port: number;
  readonly hash?: Init<typeof RouteAction_HashPolicySchema> | undefined;
  /** The mesh's. */
  readonly retry?: HttpRetry | undefined;
}

/** Where requests to a service go for which no VirtualService says anything. Istio compatibility: retries do not look at the hash here. */
export function defaultRoute({ host, port, hash, retry }: DefaultRouteInput): Route {
  const policy = retryPolicy(retry, 'any');
  return {
    name: 'default',
    match: routeMatch(undefined),
    action: {
      case: 'route',
      value: {
        clusterSpecifier: { case: 'cluster', value: outboundClusterName(host, port) },
        timeout: seconds(0),
        maxGrpcTimeout: seconds(0),
        ...(policy && { retryPolicy: policy }),
        ...(hash && { hashPolicy: [hash] }),
      },
    },
    decorator: { operation: `${host}:${port}/*` },
  };
}
