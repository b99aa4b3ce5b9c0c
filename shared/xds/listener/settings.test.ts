import { describe, expect, it } from 'vitest';
import { listenerKey, scopeOf } from '../../../test/fixtures/listeners.ts';
import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import type { ListenerKey } from '../../model/index.ts';
import { httpListenerSettings, listenerSettings } from './settings.ts';

const base = scopeOf([]);

function settings(config: MeshConfig, key: Partial<ListenerKey> = {}) {
  return httpListenerSettings({ ...base, config: { ...base.config, ...config } }, listenerKey(key));
}

describe('settings of listeners', () => {
  it.each<[string, MeshConfig, boolean]>([
    ['the provider of the Helm chart', { defaultProviders: { metrics: ['prometheus'] } }, true],
    ['no provider', { defaultProviders: {} }, false],
    ['a provider of another kind', { defaultProviders: { metrics: ['envoy'] } }, false],
    ['a provider that nobody defined', { defaultProviders: { metrics: ['mine'] } }, false],
    ['a provider of one’s own', { defaultProviders: { metrics: ['mine'] }, extensionProviders: [{ name: 'mine', prometheus: {} }] }, true],
  ])('report metrics for %s: %s', (_, config, expected) => {
    expect(settings(config).reportsMetrics).toBe(expected);
  });

  it('take a proxy’s own headers as a whole, and the mesh’s for proxies that bring none', () => {
    const config: MeshConfig = { defaultConfig: { proxyHeaders: { server: { value: 'mesh' } } } };

    expect(settings(config).http.headers).toEqual({ server: { value: 'mesh' } });
    expect(settings(config, { proxyConfig: {} }).http.headers).toEqual({});
    expect(settings(config, { proxyConfig: { proxyHeaders: { requestId: { disabled: true } } } }).http.headers).toEqual({
      requestId: { disabled: true },
    });
  });

  it.each([
    [false, false, false, ['http/1.1', 'h2c']],
    [false, true, true, ['http/1.1', 'h2c']],
    [true, false, true, ['http/1.0', 'http/1.1', 'h2c']],
  ])('know HTTP/1.0: mesh %s, proxy %s', (http10, acceptsHttp10, accepted, plaintextHttp) => {
    const scope = { ...base, features: { ...base.features, http10 } };
    const known = httpListenerSettings(scope, listenerKey({ acceptsHttp10 }));
    expect([known.http.acceptsHttp10, known.plaintextHttp]).toEqual([accepted, plaintextHttp]);
  });

  it.each([
    [true, true],
    [false, false],
  ])('trace where tracing is on: %s', (enableTracing, expected) => {
    expect(settings({ enableTracing }).http.tracing !== undefined).toBe(expected);
  });

  it('wait for no first byte unless the mesh says so', () => {
    expect(listenerSettings(base, listenerKey()).protocolDetectionTimeout).toMatchObject({ seconds: 0n, nanos: 0 });
    expect(settings({ protocolDetectionTimeout: '100ms' }).protocolDetectionTimeout).toMatchObject({ nanos: 100_000_000 });
  });
});
