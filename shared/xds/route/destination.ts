import type { Destination } from '../../config/networking/virtual-service-destination.ts';
import type { HttpRetry } from '../../config/networking/virtual-service-retry.ts';
import type { RouteAction_HashPolicySchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import type { RouteKey, Scope } from '../../model/index.ts';
import type { Init } from '../init.ts';
import { outboundClusterName } from '../names.ts';
import type { RouteClient } from './applies-to.ts';
import { destinationHash } from './hash-policy.ts';

/** What the routes of a VirtualService read besides the VirtualService. */
export interface RouteContext {
  readonly client: RouteClient;
  /** Name of a destination's cluster. */
  clusterOf(destination: Destination): string;
  /** Nothing where requests are not hashed. */
  hashOf(destination: Destination): Init<typeof RouteAction_HashPolicySchema> | undefined;
  /** The mesh's, for routes that say nothing. */
  readonly defaultRetry?: HttpRetry;
}

/**
 * Destinations as a proxy sees them from one of its listeners. Istio compatibility: without a port they mean the listener's, even where the
 * service does not have it.
 * @param listenPort 0 for the HTTP proxy, which serves all ports: there the only port of the service is meant.
 */
export function routeContext(scope: Scope, key: Pick<RouteKey, 'labels'>, listenPort: number): RouteContext {
  const { labels } = key;
  const retry = scope.config.defaultHttpRetryPolicy;
  return {
    client: { labels, namespace: scope.namespace, gateways: sidecarGateways, listenPort },
    clusterOf: ({ host = '', subset = '', port }) => {
      const service = scope.serviceOf(host);
      const ownPort = listenPort === 0 && service?.ports.length === 1 ? service.ports[0]?.number : undefined;
      return outboundClusterName(service?.host ?? host, port?.number || (ownPort ?? listenPort), subset);
    },
    hashOf: (destination) => {
      const service = scope.serviceOf(destination.host ?? '');
      const rule = service && scope.destinationRuleFor(service, labels);
      return rule && destinationHash(rule.spec, destination);
    },
    ...(retry && { defaultRetry: retry }),
  };
}

/** What a gateway's routes read: the only port of a service is meant where none is named. */
export function gatewayRouteContext(
  scope: Scope,
  key: Pick<RouteKey, 'labels'>,
  client: Omit<RouteClient, 'labels' | 'namespace'>,
): RouteContext {
  const context = routeContext(scope, key, client.listenPort);
  return {
    ...context,
    client: { ...client, labels: key.labels, namespace: scope.namespace },
    clusterOf: (destination) => {
      const ports = scope.serviceOf(destination.host ?? '')?.ports ?? [];
      const number = destination.port?.number || (ports.length === 1 ? ports[0]?.number : undefined);
      return context.clusterOf({ ...destination, ...(number && { port: { number } }) });
    },
  };
}

const sidecarGateways: ReadonlySet<string> = new Set(['mesh']);
