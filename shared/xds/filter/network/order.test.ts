import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../../test/fixtures/listeners.ts';
import { FilterSchema } from '../../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { dnsCache } from '../dns-cache.ts';
import { filtersBeforeHttp, type TcpFilterChoice, tcpFilters } from './order.ts';
import type { TcpRoute } from './tcp-proxy.ts';

const plain: TcpFilterChoice = {
  direction: 'outbound',
  route: { statPrefix: 'a', clusters: [{ name: 'a', weight: 1 }] },
  hasIstioExtensions: true,
  reportsMetrics: true,
  accessLog: [],
  isMongo: false,
};
const lastWord = /[^.]+$/;

function names(more: Partial<TcpFilterChoice>): string {
  return tcpFilters({ ...plain, ...more })
    .map(({ name }) => lastWord.exec(name)?.[0])
    .join(' ');
}

function proxyOf(route: Partial<TcpRoute>) {
  const filter = tcpFilters({ ...plain, route: { ...plain.route, ...route } }).at(-1);
  return filter && jsonOf(FilterSchema, filter).typedConfig;
}

describe('the order of TCP filters', () => {
  const dynamicHost = { dnsCache: dnsCache('*.a.example', 'v4'), port: 443 };

  it.each<[string, Partial<TcpFilterChoice>, string]>([
    ['outbound', {}, 'stats tcp_proxy'],
    ['inbound', { direction: 'inbound' }, 'metadata_exchange stats tcp_proxy'],
    ['without metrics', { reportsMetrics: false }, 'tcp_proxy'],
    ['an Envoy that has none of Istio’s own', { direction: 'inbound', hasIstioExtensions: false }, 'tcp_proxy'],
    ['MongoDB', { isMongo: true }, 'stats mongo_proxy tcp_proxy'],
    ['dynamic hosts', { dynamicHost }, 'stats sni_dynamic_forward_proxy tcp_proxy'],
  ])('%s', (_, more, expected) => {
    expect(names(more)).toBe(expected);
  });

  it.each([
    ['inbound', true, 1],
    ['inbound', false, 0],
    ['outbound', true, 0],
  ] as const)('exchanges metadata before HTTP on %s chains (Istio’s filters: %s)', (direction, hasIstioExtensions, count) => {
    expect(filtersBeforeHttp({ direction, hasIstioExtensions })).toHaveLength(count);
  });
});

describe('the TCP proxy', () => {
  it('names a single cluster', () => {
    expect(proxyOf({})).toMatchObject({ statPrefix: 'a', cluster: 'a' });
  });

  it('leaves out clusters without weight where there are several', () => {
    const clusters = [
      { name: 'a', weight: 80 },
      { name: 'b', weight: 0 },
      { name: 'c', weight: 20 },
    ];
    expect(proxyOf({ clusters }).weightedClusters.clusters).toEqual([
      { name: 'a', weight: 80 },
      { name: 'c', weight: 20 },
    ]);
  });

  it.each<[string, Partial<TcpRoute>, object]>([
    ['an idle timeout', { idleTimeout: '20s' }, { idleTimeout: '20s' }],
    ['a longest connection', { maxConnectionDuration: '5m' }, { maxDownstreamConnectionDuration: '300s' }],
    ['a hash of the caller’s address', { hashesSourceIp: true }, { hashPolicy: [{ sourceIp: {} }] }],
    ['a CONNECT tunnel', { tunnel: { hostname: 'a:443', usesPost: false } }, { tunnelingConfig: { hostname: 'a:443' } }],
    ['a POST tunnel', { tunnel: { hostname: 'a:443', usesPost: true } }, { tunnelingConfig: { hostname: 'a:443', usePost: true } }],
  ])('takes %s', (_, route, expected) => {
    expect(proxyOf(route)).toMatchObject(expected);
  });
});
