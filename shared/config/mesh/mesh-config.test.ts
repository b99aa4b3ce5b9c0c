import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../../lib/proto-json.ts';
import { decodeMeshConfig, layerMeshConfig, meshConfig, meshDefaults } from './mesh-config.ts';
import { defaultProxyConfig } from './proxy-config.ts';

describe('decodeMeshConfig', () => {
  it('gives the defaults for an empty document', () => {
    expect([decodeMeshConfig(null), decodeMeshConfig({})]).toEqual(Array(2).fill({ value: meshDefaults, problems: [] }));
  });

  it('replaces fields, but merges defaultConfig, defaultProviders, extensionProviders and trustDomainAliases', () => {
    const { value, problems } = decodeMeshConfig({
      trustDomain: 'td',
      defaultServiceExportTo: ['.'],
      outboundTrafficPolicy: {},
      enableTracing: false,
      defaultConfig: { concurrency: 4, statusPort: 0 },
      defaultProviders: { metrics: ['prometheus'] },
      extensionProviders: [
        { name: 'otel', opentelemetry: { service: 'c.ns', port: 4317 } },
        { name: 'envoy', envoyFileAccessLog: { path: '/dev/stderr' } },
      ],
      trustDomainAliases: ['b', 'a', 'b'],
    });

    expect(problems).toEqual([]);
    expect(value).toEqual({
      ...meshDefaults,
      trustDomain: 'td',
      defaultServiceExportTo: ['.'],
      outboundTrafficPolicy: {},
      enableTracing: false,
      defaultConfig: { ...defaultProxyConfig, concurrency: 4, statusPort: 0 },
      defaultProviders: { metrics: ['prometheus'] },
      extensionProviders: [
        { name: 'prometheus', prometheus: {} },
        { name: 'stackdriver', stackdriver: {} },
        { name: 'envoy', envoyFileAccessLog: { path: '/dev/stderr' } },
        { name: 'otel', opentelemetry: { service: 'c.ns', port: 4317 } },
      ],
      trustDomainAliases: ['a', 'b'],
    });
  });

  it('reports a document that cannot be read, and gives the defaults', () => {
    const { value, problems } = decodeMeshConfig({ connectTimeout: 'soon' });

    expect(value).toBe(meshDefaults);
    expect(problems).toEqual([
      {
        code: 'mesh-config-invalid',
        severity: 'error',
        object: 'MeshConfig',
        path: '',
        message: 'connectTimeout: bad Duration: time: invalid duration "soon"',
      },
    ]);
  });

  it('warns of unknown fields', () => {
    const { value, problems } = decodeMeshConfig({ mixerAddress: 'x', trustDomain: 'td' });

    expect(value.trustDomain).toBe('td');
    expect(problems).toEqual([
      expect.objectContaining({ severity: 'warning', message: 'unknown field "mixerAddress" in istio.mesh.v1alpha1.MeshConfig' }),
    ]);
  });
});

describe('layerMeshConfig', () => {
  it('can be repeated', () => {
    const once = layerMeshConfig(meshDefaults, { trustDomainAliases: ['b'], defaultConfig: { proxyMetadata: { A: '1' } } });

    const twice = layerMeshConfig(once, { trustDomainAliases: ['a'], defaultConfig: { proxyMetadata: { B: '2' } } });

    expect(twice.trustDomainAliases).toEqual(['a', 'b']);
    expect(twice.defaultConfig?.proxyMetadata).toEqual({ A: '1', B: '2' });
  });
});

describe('the MeshConfig message', () => {
  it.each([
    { meshMTLS: { minProtocolVersion: 'TLSV1_3' } },
    { defaultHttpRetryPolicy: { attempts: 0, retryOn: '5xx' } },
    { localityLbSetting: { distribute: [{ from: 'a', to: { b: 100 } }], failoverPriority: ['x'] } },
    { serviceSettings: [{ settings: { clusterLocal: true }, hosts: ['*'] }] },
    { discoverySelectors: [{ matchLabels: { a: 'b' }, matchExpressions: [{ key: 'k', operator: 'In', values: ['v'] }] }] },
    { extensionProviders: [{ name: 'z', zipkin: { service: 's', port: 1, enable64bitTraceId: true } }] },
    { extensionProviders: [{ name: 'l', envoyFileAccessLog: { logFormat: { labels: { a: '%RESPONSE_CODE%' } } } }] },
    { defaultTrafficPolicy: { outlierDetection: { consecutive5xxErrors: 3 }, connectionPool: { tcp: { maxConnections: 1 } } } },
    { defaultConfig: { readinessProbe: { httpGet: { port: 80 } }, gatewayTopology: { numTrustedProxies: 1, proxyProtocol: {} } } },
    { pathNormalization: { normalization: 'MERGE_SLASHES' }, tcpKeepalive: { time: '10s' } },
  ])('knows %j', (value) => {
    expect(decodeMessage(value, meshConfig, { unknownFields: 'refuse' })).toEqual({ ok: true, value });
  });
});
