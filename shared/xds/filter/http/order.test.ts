import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../../test/fixtures/listeners.ts';
import { HttpFilterSchema } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { dnsCache } from '../dns-cache.ts';
import { type HttpFilterChoice, httpFilters } from './order.ts';

const plain: HttpFilterChoice = {
  direction: 'outbound',
  isGrpcWeb: false,
  hasIstioExtensions: true,
  reportsMetrics: true,
  isMetadataInMeshOnly: false,
  hidesEnvoyHeaders: false,
};
const lastWord = /[^.]+$/;

function names(more: Partial<HttpFilterChoice>): string {
  return httpFilters({ ...plain, ...more })
    .map(({ name }) => lastWord.exec(name)?.[0])
    .join(' ');
}

function filterNamed(name: string, more: Partial<HttpFilterChoice>) {
  const filter = httpFilters({ ...plain, ...more }).find((candidate) => candidate.name === name);
  return filter && jsonOf(HttpFilterSchema, filter).typedConfig;
}

describe('the order of HTTP filters', () => {
  it.each<[string, Partial<HttpFilterChoice>, string]>([
    ['of outbound chains', {}, 'metadata_exchange grpc_stats alpn fault cors stats router'],
    [
      'of inbound chains: no ALPN, for the application is called',
      { direction: 'inbound' },
      'metadata_exchange grpc_stats fault cors stats router',
    ],
    ['of gRPC-Web ports', { isGrpcWeb: true }, 'metadata_exchange grpc_web grpc_stats alpn fault cors stats router'],
    ['without metrics', { reportsMetrics: false }, 'metadata_exchange grpc_stats alpn fault cors router'],
    ['of an Envoy that has none of Istio’s own', { hasIstioExtensions: false }, 'grpc_stats fault cors router'],
    [
      'of dynamic hosts',
      { dnsCache: dnsCache('*.a.example', 'v4') },
      'metadata_exchange grpc_stats alpn fault cors stats dynamic_forward_proxy router',
    ],
  ])('%s', (_, more, expected) => {
    expect(names(more)).toBe(expected);
  });
});

describe('settings of HTTP filters', () => {
  it('learns of callers by their headers, then by their address, and answers with headers', () => {
    expect(filterNamed('istio.metadata_exchange', { direction: 'inbound' })).toMatchObject({
      typeUrl: 'type.googleapis.com/io.istio.http.peer_metadata.Config',
      value: {
        downstream_discovery: [{ istio_headers: {} }, { workload_discovery: {} }],
        downstream_propagation: [{ istio_headers: {} }],
      },
    });
  });

  it('says nothing to clusters outside of the mesh where that is asked for', () => {
    const { value } = filterNamed('istio.metadata_exchange', { isMetadataInMeshOnly: true });
    expect(value.upstream_propagation).toEqual([{ istio_headers: { skip_external_clusters: true } }]);
  });

  it('offers the ALPN of each HTTP version', () => {
    expect(filterNamed('istio.alpn', {}).alpnOverride).toEqual([
      { alpnOverride: ['istio-http/1.0', 'istio', 'http/1.0'] },
      { upstreamProtocol: 'HTTP11', alpnOverride: ['istio-http/1.1', 'istio', 'http/1.1'] },
      { upstreamProtocol: 'HTTP2', alpnOverride: ['istio-h2', 'istio', 'h2'] },
    ]);
  });

  it.each<['inbound' | 'outbound', unknown]>([
    ['inbound', true],
    ['outbound', undefined],
  ])('believes the host header on outbound chains only: %s', (direction, expected) => {
    expect(filterNamed('istio.stats', { direction }).disableHostHeaderFallback).toBe(expected);
  });

  it.each([
    [true, true],
    [false, undefined],
  ])('hides Envoy’s own headers: %s', (hidesEnvoyHeaders, expected) => {
    expect(filterNamed('envoy.filters.http.router', { hidesEnvoyHeaders }).suppressEnvoyHeaders).toBe(expected);
  });

  it.each<['v4' | 'v6' | 'dual', unknown]>([
    ['v4', 'V4_ONLY'],
    ['v6', 'V6_ONLY'],
    ['dual', 'ALL'],
  ])('resolves dynamic hosts in the proxy’s families: %s', (families, expected) => {
    const { dnsCacheConfig } = filterNamed('envoy.filters.http.dynamic_forward_proxy', { dnsCache: dnsCache('*.a.example', families) });
    expect(dnsCacheConfig.name).toBe('*.a.example_dfp_dns_cache');
    expect(dnsCacheConfig.dnsLookupFamily).toBe(expected);
  });

  it('counts gRPC messages for istio.stats, without statistics by method', () => {
    expect(filterNamed('envoy.filters.http.grpc_stats', {})).toMatchObject({ emitFilterState: true, statsForAllMethods: false });
  });
});
