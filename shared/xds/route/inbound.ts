import { create } from '@bufbuild/protobuf';
import type { HttpRetry } from '../../config/networking/virtual-service-retry.ts';
import { type RouteConfiguration, RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import type { PortProtocol } from '../../model/index.ts';
import { seconds } from '../duration.ts';
import type { Route } from './http-route.ts';
import { routeMatch } from './match.ts';
import { inboundRetryPolicy } from './retry.ts';

/** What the routes of an inbound listener read. */
export interface InboundRouteInput {
  /** Cluster that everything goes to; it names the configuration. */
  readonly cluster: string;
  /** Of the service; empty for what belongs to none. */
  readonly host: string;
  /** Of the service, not the container's; 0 for what belongs to none. */
  readonly port: number;
  readonly protocol: PortProtocol;
  /** The mesh's `defaultInboundHttpRetryPolicy`. */
  readonly retry?: HttpRetry | undefined;
}

/** The routes that stand inside an inbound listener: everything goes to the application. gRPC is never retried. */
export function inboundRouteConfiguration({ cluster, host, port, protocol, retry }: InboundRouteInput): RouteConfiguration {
  const policy = protocol === 'GRPC' || protocol === 'GRPC-Web' ? undefined : inboundRetryPolicy(retry);
  const route: Route = {
    name: 'default',
    match: routeMatch(undefined),
    action: {
      case: 'route',
      value: {
        clusterSpecifier: { case: 'cluster', value: cluster },
        timeout: seconds(0),
        maxStreamDuration: { maxStreamDuration: seconds(0), grpcTimeoutHeaderMax: seconds(0) },
        ...(policy && { retryPolicy: policy }),
      },
    },
    decorator: { operation: `${host}:${port}/*` },
  };
  return create(RouteConfigurationSchema, {
    name: cluster,
    virtualHosts: [{ name: `inbound|http|${port}`, domains: ['*'], routes: [route] }],
    validateClusters: false,
  });
}
