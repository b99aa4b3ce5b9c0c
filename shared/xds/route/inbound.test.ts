import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../test/fixtures/listeners.ts';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import type { PortProtocol } from '../../model/index.ts';
import { type InboundRouteInput, inboundRouteConfiguration } from './inbound.ts';

const input: InboundRouteInput = { cluster: 'inbound|8080||', host: 'web.shop.svc.cluster.local', port: 80, protocol: 'HTTP' };

function routeOf(more: Partial<InboundRouteInput>) {
  return jsonOf(RouteConfigurationSchema, inboundRouteConfiguration({ ...input, ...more })).virtualHosts[0].routes[0].route;
}

describe('inbound routes', () => {
  it('lead everything to the application, named by the service’s port', () => {
    expect(jsonOf(RouteConfigurationSchema, inboundRouteConfiguration(input))).toEqual({
      name: 'inbound|8080||',
      validateClusters: false,
      virtualHosts: [
        {
          name: 'inbound|http|80',
          domains: ['*'],
          routes: [
            {
              name: 'default',
              match: { prefix: '/' },
              route: {
                cluster: 'inbound|8080||',
                timeout: '0s',
                maxStreamDuration: { maxStreamDuration: '0s', grpcTimeoutHeaderMax: '0s' },
                retryPolicy: { numRetries: 2, retryOn: 'reset-before-request' },
              },
              decorator: { operation: 'web.shop.svc.cluster.local:80/*' },
            },
          ],
        },
      ],
    });
  });

  it.each<[PortProtocol, boolean]>([
    ['HTTP', true],
    ['HTTP2', true],
    ['Auto', true],
    ['GRPC', false],
    ['GRPC-Web', false],
  ])('of %s are retried: %s', (protocol, expected) => {
    expect('retryPolicy' in routeOf({ protocol })).toBe(expected);
  });

  it('retry as the mesh says', () => {
    expect(routeOf({ retry: { attempts: 5 } }).retryPolicy.numRetries).toBe(5);
    expect(routeOf({ retry: { attempts: 0 } }).retryPolicy).toBeUndefined();
  });
});
