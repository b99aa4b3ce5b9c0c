import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { clusterType, endpointType, listenerType, routeType } from '../../functions/xds-gateway/stream/types.ts';
import {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
} from '../../shared/gen/envoy/service/discovery/v3/discovery_pb.js';
import {
  isSynced,
  type Protocol,
  type ProxyPlan,
  type ProxyState,
  packPlans,
  readEnvelope,
  received,
  started,
  unpackPlans,
} from './push-proxy.ts';

const node = { id: 'sidecar~10.0.0.1~web-1.shop~shop.svc.cluster.local', metadata: {} };
const order = [clusterType, endpointType, listenerType, routeType, routeType];

function planOf(protocol: Protocol): ProxyPlan {
  return { protocol, node, endpoints: ['a', 'b'], routes: ['80'] };
}

/** What is sent at the start and after each response, as `type nonce: names`; the nonce is the place of the response. */
function conversation(protocol: Protocol): { readonly lines: readonly (readonly string[])[]; readonly proxy: ProxyState } {
  let { proxy, requests } = started(planOf(protocol));
  const lines = [requests.map((bytes) => lineOf(protocol, bytes))];
  for (const [index, typeUrl] of order.entries()) {
    ({ proxy, requests } = received(proxy, { typeUrl, version: 'v', nonce: String(index + 1) }));
    lines.push(requests.map((bytes) => lineOf(protocol, bytes)));
  }
  return { lines, proxy };
}

function lineOf(protocol: Protocol, bytes: Uint8Array): string {
  if (protocol === 'sotw') {
    const { typeUrl, responseNonce, resourceNames, versionInfo } = fromBinary(DiscoveryRequestSchema, bytes);
    return [typeUrl.split('.').at(-1), `${responseNonce}${versionInfo}:`, ...resourceNames].join(' ');
  }
  const { typeUrl, responseNonce, resourceNamesSubscribe } = fromBinary(DeltaDiscoveryRequestSchema, bytes);
  return [typeUrl.split('.').at(-1), `${responseNonce}:`, ...resourceNamesSubscribe].join(' ');
}

describe('a proxy of the fleet', () => {
  it('asks in the order of Envoy, and takes clusters when their endpoints are there', () => {
    expect(conversation('sotw').lines).toEqual([
      ['Cluster :'],
      ['ClusterLoadAssignment : a b'],
      ['ClusterLoadAssignment 2v: a b', 'Cluster 1v:', 'Listener :'],
      ['Listener 3v:', 'RouteConfiguration : 80'],
      ['RouteConfiguration 4v: 80'],
      ['RouteConfiguration 5v: 80'],
    ]);
  });

  it('names what it wants once in delta', () => {
    expect(conversation('delta').lines).toEqual([
      ['Cluster :'],
      ['ClusterLoadAssignment : a b'],
      ['ClusterLoadAssignment 2:', 'Cluster 1:', 'Listener :'],
      ['Listener 3:', 'RouteConfiguration : 80'],
      ['RouteConfiguration 4:'],
      ['RouteConfiguration 5:'],
    ]);
  });

  it('is synced when it has routes', () => {
    expect(isSynced(started(planOf('sotw')).proxy)).toBe(false);
    expect(isSynced(conversation('sotw').proxy)).toBe(true);
  });
});

describe('packed plans', () => {
  it('are the same plans, with each list of names once', () => {
    const plans = ['a', 'b', 'c'].map(
      (id): ProxyPlan => ({ protocol: 'sotw', node: { ...node, id }, endpoints: ['x', 'y'], routes: [id] }),
    );
    const packed = packPlans(plans);

    expect(packed.lists).toEqual([['x', 'y'], ['a'], ['b'], ['c']]);
    expect(unpackPlans(packed)).toEqual(plans);
  });
});

describe('readEnvelope', () => {
  const head = { typeUrl: routeType, nonce: '7' };
  const long = new Uint8Array(300_000).fill(1);

  it.each([
    [
      'SotW',
      toBinary(
        DiscoveryResponseSchema,
        create(DiscoveryResponseSchema, { ...head, versionInfo: 'v', resources: [{ typeUrl: routeType, value: long }] }),
      ),
    ],
    [
      'delta',
      toBinary(
        DeltaDiscoveryResponseSchema,
        create(DeltaDiscoveryResponseSchema, {
          ...head,
          systemVersionInfo: 'v',
          resources: [{ name: 'a', resource: { typeUrl: routeType, value: long } }],
        }),
      ),
    ],
  ])('reads a response of %s past its resources', (_, bytes) => {
    expect(readEnvelope(bytes)).toEqual({ typeUrl: routeType, version: 'v', nonce: '7' });
  });

  it('refuses half a response', () => {
    expect(() => readEnvelope(Uint8Array.of(0x12, 0x80))).toThrow('in the middle of a number');
  });
});
