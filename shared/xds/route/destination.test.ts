import { describe, expect, it } from 'vitest';
import { port, scopeOf, service } from '../../../test/fixtures/listeners.ts';
import type { Destination } from '../../config/networking/virtual-service-destination.ts';
import type { Service } from '../../model/index.ts';
import { routeContext } from './destination.ts';

const one = service('one.shop.svc.cluster.local', [port(8000, 'HTTP')]);
const two = service('two.shop.svc.cluster.local', [port(1, 'HTTP'), port(2, 'HTTP')]);
const scope = scopeOf([one, two], {
  serviceOf: (host): Service | undefined => ({ [one.host]: one, [two.host]: two, 'alias.example': one })[host],
  rules: { [one.host]: { trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'h' } } } } },
});

describe('the cluster of a destination', () => {
  it.each<[string, number, Destination, string]>([
    ['the port that is named', 80, { host: one.host, port: { number: 9 }, subset: 'v1' }, `outbound|9|v1|${one.host}`],
    ['the port of the listener, though the service lacks it', 80, { host: one.host }, `outbound|80||${one.host}`],
    ['the port of the listener for port 0', 80, { host: one.host, port: {} }, `outbound|80||${one.host}`],
    ['a host that nobody knows', 80, { host: 'unknown' }, 'outbound|80||unknown'],
    ['the service that an alias stands for', 80, { host: 'alias.example' }, `outbound|80||${one.host}`],
    ['the only port, seen from the HTTP proxy', 0, { host: one.host }, `outbound|8000||${one.host}`],
  ])('is that of %s', (_, listenPort, destination, expected) => {
    expect(routeContext(scope, { labels: {} }, listenPort).clusterOf(destination)).toBe(expected);
  });
});

describe('the hash of a destination', () => {
  it('is that of its service’s rule', () => {
    const context = routeContext(scope, { labels: {} }, 80);
    expect(context.hashOf({ host: one.host })).toBeDefined();
    expect([two.host, 'unknown'].map((host) => context.hashOf({ host }))).toEqual([undefined, undefined]);
  });
});
