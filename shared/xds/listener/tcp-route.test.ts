import { describe, expect, it } from 'vitest';
import { port, scopeOf, service } from '../../../test/fixtures/listeners.ts';
import type { DestinationRule } from '../../config/networking/destination-rule.ts';
import type { RouteDestination } from '../../config/networking/virtual-service-destination.ts';
import { destinationsRoute, serviceRoute } from './tcp-route.ts';

const single = service('one.shop.svc.cluster.local', [port(7000, 'TCP')]);
const several = service('two.shop.svc.cluster.local', [port(1, 'TCP'), port(2, 'TCP')]);

function route(destinations: readonly RouteDestination[], spec?: DestinationRule) {
  const scope = scopeOf([single, several], spec ? { rules: { [single.host]: spec } } : {});
  return destinationsRoute(scope, { name: 'vs', namespace: 'shop' }, destinations, { listenPort: 5000, portName: 'tcp', labels: {} });
}

describe('clusters of TCP destinations', () => {
  it.each<[string, NonNullable<RouteDestination['destination']>, string]>([
    ['the port that is named', { host: several.host, port: { number: 2 }, subset: 'v1' }, `outbound|2|v1|${several.host}`],
    ['the only port of the service', { host: single.host }, `outbound|7000||${single.host}`],
    ['the listener’s port', { host: several.host }, `outbound|5000||${several.host}`],
    ['the listener’s port of a host that nobody knows', { host: 'unknown' }, 'outbound|5000||unknown'],
  ])('%s', (_, destination, expected) => {
    expect(route([{ destination }])).toEqual({ statPrefix: expected, clusters: [{ name: expected, weight: 0 }] });
  });

  it('keep their weights, under the name of the VirtualService', () => {
    const { statPrefix, clusters } = route([
      { destination: { host: single.host }, weight: 80 },
      { destination: { host: several.host }, weight: 20 },
    ]);
    expect(statPrefix).toBe('vs.shop');
    expect(clusters.map(({ weight }) => weight)).toEqual([80, 20]);
  });
});

describe('statistics of TCP destinations', () => {
  const scope = scopeOf([single, several]);
  const config = { ...scope.config, outboundClusterStatName: '%SERVICE%|%SERVICE_PORT%|%SERVICE_PORT_NAME%|%SUBSET_NAME%' };
  const patterned = { ...scope, config };
  const context = { listenPort: 2, portName: 'tcp-2', labels: {} };
  const to = (...destinations: readonly RouteDestination[]) =>
    destinationsRoute(patterned, { name: 'vs', namespace: 'shop' }, destinations, context).statPrefix;

  it('are named by the mesh’s pattern where there is one service', () => {
    expect(serviceRoute(patterned, several, 2, {}).statPrefix).toBe('two.shop|2||');
    expect(to({ destination: { host: several.host, subset: 'v1' } })).toBe('two.shop|2|tcp-2|v1');
    expect(to({ destination: { host: 'unknown' } })).toBe('outbound|2||unknown');
    expect(to({ destination: { host: single.host }, weight: 1 }, { destination: { host: several.host }, weight: 1 })).toBe('vs.shop');
  });
});

describe('connection settings of TCP destinations', () => {
  const hash = { consistentHash: { useSourceIp: true } };
  const tunnel = { targetHost: 'a.example', targetPort: 443, protocol: 'POST' };

  it.each<[string, DestinationRule, object]>([
    ['idle timeout', { trafficPolicy: { connectionPool: { tcp: { idleTimeout: '5s' } } } }, { idleTimeout: '5s' }],
    [
      'longest connection',
      { trafficPolicy: { connectionPool: { tcp: { maxConnectionDuration: '9s' } } } },
      { maxConnectionDuration: '9s' },
    ],
    ['hash', { trafficPolicy: { loadBalancer: hash } }, { hashesSourceIp: true }],
    ['hash of the subset', { subsets: [{ name: 'v1', trafficPolicy: { loadBalancer: hash } }] }, { hashesSourceIp: true }],
    ['tunnel', { trafficPolicy: { tunnel } }, { tunnel: { hostname: 'a.example:443', usesPost: true } }],
  ])('%s', (_, spec, expected) => {
    expect(route([{ destination: { host: single.host, subset: 'v1' } }], spec)).toMatchObject(expected);
  });

  it('have no hash where the subset balances otherwise', () => {
    const spec: DestinationRule = {
      trafficPolicy: { loadBalancer: hash },
      subsets: [{ name: 'v1', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } }],
    };
    expect(route([{ destination: { host: single.host, subset: 'v1' } }], spec).hashesSourceIp).toBeUndefined();
  });

  it('are those of the host for several destinations', () => {
    const spec: DestinationRule = { subsets: [{ name: 'v1', trafficPolicy: { loadBalancer: hash } }] };
    const destination = { host: single.host, subset: 'v1' };
    expect(route([{ destination }, { destination }], spec).hashesSourceIp).toBeUndefined();
  });

  it('are those of a service’s own route too', () => {
    const scope = scopeOf([several], { rules: { [several.host]: { trafficPolicy: { connectionPool: { tcp: { idleTimeout: '5s' } } } } } });
    expect(serviceRoute(scope, several, 2, {})).toEqual({
      statPrefix: `outbound|2||${several.host}`,
      clusters: [{ name: `outbound|2||${several.host}`, weight: 1 }],
      idleTimeout: '5s',
    });
  });
});
