import { describe, expect, it } from 'vitest';
import { clusterJson, shopScope } from '../../../test/fixtures/clusters.ts';
import { config, webService } from '../../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { InboundClusterKey, IngressEndpoint, Scope } from '../../model/index.ts';
import { inboundClusters } from './inbound.ts';

const scope = shopScope([webService('web'), webService('other')]);

function keyOf(of: Scope, more: Partial<InboundClusterKey> = {}): InboundClusterKey {
  const serviceTargets = of.services.flatMap((service) => service.ports.map((port) => ({ service, port, targetPort: 8080 })));
  return { labels: {}, ipFamilies: 'v4', interception: 'REDIRECT', preservesHeaderCase: false, serviceTargets, ...more };
}

function clusters(of: Scope, more: Partial<InboundClusterKey> = {}): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(inboundClusters(of, keyOf(of, more)).value.map((found) => [found.name, clusterJson(found)]));
}

describe('inbound clusters', () => {
  it('are one for each container port and one for all others', () => {
    const found = clusters(scope);

    expect(Object.keys(found)).toEqual(['inbound|8080||', 'InboundPassthroughCluster']);
    expect(found['inbound|8080||']).toMatchObject({
      type: 'ORIGINAL_DST',
      cleanupInterval: '9223372035s',
      upstreamBindConfig: { sourceAddress: { address: '127.0.0.6' } },
      metadata: { filterMetadata: { istio: { services: [{ name: 'other' }, { name: 'web' }] } } },
    });
  });

  it('are none where nothing is intercepted', () => {
    expect(Object.keys(clusters(scope, { interception: 'NONE' }))).toEqual(['InboundPassthroughCluster']);
  });

  it.each([
    ['v6', { sourceAddress: { address: '::6' } }],
    ['dual', { sourceAddress: { address: '127.0.0.6' }, extraSourceAddresses: [{ address: { address: '::6' } }] }],
  ] as const)('bind for %s', (ipFamilies, expected) => {
    expect(clusters(scope, { ipFamilies })['inbound|8080||']?.['upstreamBindConfig']).toMatchObject(expected);
  });

  it('have the limits of the rule for the service, but not its TLS', () => {
    const trafficPolicy = { connectionPool: { tcp: { maxConnections: 5 } }, tls: { mode: 'ISTIO_MUTUAL' } };
    const found = clusters(shopScope([webService('web'), config('DestinationRule', 'web', { host: 'web', trafficPolicy })]));

    expect(found['inbound|8080||']).toMatchObject({ circuitBreakers: { thresholds: [{ maxConnections: 5 }] } });
    expect(found['inbound|8080||']).not.toHaveProperty('transportSocket');
  });

  it.each<[IngressEndpoint, JsonObject | undefined, boolean]>([
    [{ kind: 'original-destination' }, undefined, true],
    [{ kind: 'loopback', address: '127.0.0.1', port: 9 }, { socketAddress: { address: '127.0.0.1', portValue: 9 } }, false],
    [{ kind: 'own-address', address: '10.0.0.9', port: 9 }, { socketAddress: { address: '10.0.0.9', portValue: 9 } }, true],
    [{ kind: 'pipe', address: 'unix:///run/app.sock', port: 0 }, { pipe: { path: '/run/app.sock' } }, true],
  ])('lead where the Sidecar says: %j', (endpoint, address, binds) => {
    const port = { number: 8080, name: 'http', protocol: 'HTTP' as const };
    const ingress = { host: 'web.shop', config: '', listeners: [{ port, bind: '', bindsPort: false, canListen: true, endpoint }] };
    const found = clusters(scope, { ingress, interception: 'NONE' })['inbound|8080||'];

    expect(found?.['type']).toBe(address === undefined ? 'ORIGINAL_DST' : 'STATIC');
    expect(found?.['loadAssignment']).toEqual(
      address && { clusterName: 'inbound|8080||', endpoints: [{ lbEndpoints: [{ endpoint: { address } }] }] },
    );
    expect(found !== undefined && 'upstreamBindConfig' in found).toBe(binds);
    expect(found).toMatchObject({ metadata: { filterMetadata: { istio: { services: [{ name: 'other' }, { name: 'web' }] } } } });
  });

  it('name no service where the Sidecar declares a port that none has', () => {
    const port = { number: 9999, name: 'tcp', protocol: 'TCP' as const };
    const ingress = {
      host: 'web.shop',
      config: '',
      listeners: [{ port, bind: '', bindsPort: false, canListen: true, endpoint: { kind: 'original-destination' as const } }],
    };
    const found = clusters(scope, { ingress });

    expect(Object.keys(found)).toEqual(['inbound|9999||', 'InboundPassthroughCluster']);
    expect(found['inbound|9999||']).not.toHaveProperty('metadata');
  });

  it.each([
    ['of the port', { tcp: { maxConnections: 2 } }, 2],
    ['of the rule where the port has none', undefined, 5],
  ])('have the limits %s', (_, connectionPool, maxConnections) => {
    const trafficPolicy = { connectionPool: { tcp: { maxConnections: 5 } } };
    const limited = shopScope([webService('web'), config('DestinationRule', 'web', { host: 'web', trafficPolicy })]);
    const port = { number: 8080, name: 'http', protocol: 'HTTP' as const };
    const listener = { port, bind: '', bindsPort: false, canListen: true, endpoint: { kind: 'original-destination' as const } };
    const ingress = { host: 'web.shop', config: '', listeners: [{ ...listener, ...(connectionPool && { connectionPool }) }] };

    expect(clusters(limited, { ingress })['inbound|8080||']).toMatchObject({ circuitBreakers: { thresholds: [{ maxConnections }] } });
  });

  it('have the limits of the Sidecar instead of those of the rule', () => {
    const trafficPolicy = { connectionPool: { tcp: { maxConnections: 5 } } };
    const limited = shopScope([webService('web'), config('DestinationRule', 'web', { host: 'web', trafficPolicy })]);
    const found = clusters(limited, { inboundConnectionPool: { tcp: { maxConnections: 3 } } });

    expect(found['inbound|8080||']).toMatchObject({ circuitBreakers: { thresholds: [{ maxConnections: 3 }] } });
  });
});
