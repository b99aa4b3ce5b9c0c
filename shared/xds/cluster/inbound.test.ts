import { describe, expect, it } from 'vitest';
import { clusterJson, shopScope } from '../../../test/fixtures/clusters.ts';
import { config, webService } from '../../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { InboundClusterKey, Scope } from '../../model/index.ts';
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
});
