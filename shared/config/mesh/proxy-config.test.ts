import { describe, expect, it } from 'vitest';
import { protoJsonText } from '../../lib/proto-json.ts';
import {
  applyProxyConfig,
  decodeProxyConfig,
  defaultProxyConfig,
  layerProxyConfig,
  type ProxyConfig,
  proxyConfig,
} from './proxy-config.ts';

describe('decodeProxyConfig', () => {
  it('takes nothing for an empty configuration and ignores unknown fields', () => {
    expect([decodeProxyConfig(null), decodeProxyConfig(undefined), decodeProxyConfig({ unknown: 1 })]).toEqual(
      Array(3).fill({ ok: true, value: {} }),
    );
  });

  it('names the field of a wrong value', () => {
    expect(decodeProxyConfig({ tracing: { zipkin: { address: 5 } } })).toEqual({
      ok: false,
      error: 'tracing.zipkin.address: expected a text, got a number',
    });
  });
});

describe('layerProxyConfig', () => {
  it.each<[string, ProxyConfig, ProxyConfig, ProxyConfig]>([
    ['lets no zero value override', { statusPort: 15020 }, { statusPort: 0, interceptionMode: 'REDIRECT' }, { statusPort: 15020 }],
    [
      'lets wrappers override with their zero value',
      { concurrency: 2, holdApplicationUntilProxyStarts: true },
      { concurrency: 0, holdApplicationUntilProxyStarts: false },
      { concurrency: 0, holdApplicationUntilProxyStarts: false },
    ],
    [
      'merges proxyMetadata by key',
      { proxyMetadata: { A: '1', B: '1' } },
      { proxyMetadata: { A: '2' } },
      { proxyMetadata: { A: '2', B: '1' } },
    ],
    [
      'replaces tracing as a whole',
      { tracing: { zipkin: { address: 'z:1' } } },
      { tracing: { sampling: 5 } },
      { tracing: { sampling: 5 } },
    ],
    [
      'merges proxyHeaders by field',
      { proxyHeaders: { server: { value: 's' }, forwardedClientCert: 'SANITIZE' } },
      { proxyHeaders: { requestId: { disabled: true }, forwardedClientCert: 'UNDEFINED' } },
      { proxyHeaders: { server: { value: 's' }, requestId: { disabled: true }, forwardedClientCert: 'SANITIZE' } },
    ],
    [
      'keeps what is only below',
      { proxyMetadata: { A: '1' }, proxyHeaders: {} },
      { statusPort: 1 },
      { proxyMetadata: { A: '1' }, proxyHeaders: {}, statusPort: 1 },
    ],
    ['keeps what is only above', {}, { proxyMetadata: { A: '1' }, proxyHeaders: {} }, { proxyMetadata: { A: '1' }, proxyHeaders: {} }],
    [
      'clears the other cluster name',
      { serviceCluster: 'c' },
      { tracingServiceName: 'APP_LABEL_AND_NAMESPACE' },
      { tracingServiceName: 'APP_LABEL_AND_NAMESPACE' },
    ],
  ])('%s', (_rule, base, layer, expected) => {
    expect(layerProxyConfig(base, layer)).toEqual(expected);
  });
});

describe('applyProxyConfig', () => {
  it('lets explicit zero values override, and merges proxyMetadata all the same', () => {
    expect(applyProxyConfig({ statusPort: 1, proxyMetadata: { A: '1' } }, { statusPort: 0, proxyMetadata: { B: '2' } })).toEqual({
      statusPort: 0,
      proxyMetadata: { A: '1', B: '2' },
    });
  });
});

describe('the text of a ProxyConfig', () => {
  it('is empty for the defaults', () => {
    expect(protoJsonText(defaultProxyConfig, proxyConfig, defaultProxyConfig)).toBe('{}');
  });

  it('has the order of the .proto file', () => {
    const config = {
      ...defaultProxyConfig,
      image: { imageType: 'debug' },
      concurrency: 3,
      tracing: { sampling: 5, zipkin: { address: 'z:1' } },
    };

    expect(protoJsonText(config, proxyConfig, defaultProxyConfig)).toBe(
      '{"concurrency":3,"tracing":{"zipkin":{"address":"z:1"},"sampling":5},"image":{"imageType":"debug"}}',
    );
  });
});
