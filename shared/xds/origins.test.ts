import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { shopScope } from '../../test/fixtures/clusters.ts';
import { config, webService } from '../../test/fixtures/kubernetes-world.ts';
import { RouteConfigurationSchema } from '../gen/envoy/config/route/v3/route_pb.js';
import { originsOf } from './origins.ts';

const entry = config('ServiceEntry', 'ext', { hosts: ['api.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
const scope = shopScope([webService('web'), entry]);
const rulePath = '/apis/networking.istio.io/v1/namespaces/shop/virtual-service/web';

describe('originsOf', () => {
  it('finds what metadata names, at any depth, each once, in order', () => {
    const metadata = {
      filterMetadata: {
        istio: { config: rulePath, services: [{ host: 'api.example.com', name: 'api.example.com', namespace: 'shop' }] },
        other: { config: '/apis/x/v1/namespaces/n/kind/k' },
      },
    };
    const routes = [{ metadata }, { metadata }];
    const message = create(RouteConfigurationSchema, { virtualHosts: [{ name: 'a', domains: ['*'], routes }] });

    expect(originsOf(RouteConfigurationSchema, message, scope)).toEqual([
      { kind: 'ServiceEntry', namespace: 'shop', name: 'ext' },
      { kind: 'VirtualService', namespace: 'shop', name: 'web' },
    ]);
  });

  it('finds nothing in what nobody wrote', () => {
    expect(originsOf(RouteConfigurationSchema, create(RouteConfigurationSchema), scope)).toEqual([]);
  });
});
