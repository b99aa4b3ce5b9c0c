import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../lib/json.ts';
import { layer, readInjectValues } from './values.ts';

const global = (given: JsonObject) => readInjectValues({ global: given }).global;
const proxy = (given: JsonObject) => readInjectValues({ global: { proxy: given } }).proxy;

describe('readInjectValues', () => {
  it('has the chart’s defaults for keys that are left out', () => {
    const values = readInjectValues({ global: { proxy: { logLevel: 'debug' } } });

    expect(values.proxy).toMatchObject({ logLevel: 'debug', componentLogLevel: 'misc:error', includeIpRanges: '*', statusPort: '15020' });
    expect(values.proxy.resources).toEqual({
      limits: { cpu: '2000m', memory: '1024Mi' },
      requests: { cpu: '100m', memory: '128Mi' },
    });
    expect(values.global).toMatchObject({ hub: 'registry.istio.io/release', pilotCertProvider: 'istiod', tokenAudience: 'istio-ca' });
    expect(values).toMatchObject({ rewriteAppHttpProbe: true, cniEnabled: false, cniProvider: 'default', revision: '' });
  });

  it('shows templates the given values over the defaults', () => {
    const { raw } = readInjectValues({ own: { key: 1 }, global: { tag: 'x' } });

    expect(raw).toMatchObject({ own: { key: 1 }, global: { tag: 'x', pilotCertProvider: 'istiod' } });
  });

  it('reads over other defaults if there are some', () => {
    const values = readInjectValues({ global: { hub: 'h' } }, { global: { tag: 't' } });

    expect(values.global).toMatchObject({ hub: 'h', tag: 't', pilotCertProvider: '' });
    expect(values.proxy).toMatchObject({ image: 'proxyv2', startupFailureThreshold: 0, statusPort: '' });
  });

  it.each([
    [11, '11'],
    [1.12, '1.12'],
    [1_234_567, '1.234567e+06'],
    ['1.30', '1.30'],
    [true, 'true'],
    [null, ''],
    [['a', 1], '[a 1]'],
    [{ a: 1 }, 'map[a:1]'],
  ])('prints the tag %j as a Go template prints it: %s', (tag, text) => {
    expect(global({ tag }).tag).toBe(text);
  });

  it.each([
    [true, true],
    ['false', true],
    [1, true],
    [['x'], true],
    [{ x: 1 }, true],
    [false, false],
    [0, false],
    ['', false],
    [null, false],
    [[], false],
    [{}, false],
  ])('takes %j for what an if of a Go template takes it for: %s', (given, truth) => {
    expect(global({ nativeNftables: given }).nativeNftables).toBe(truth);
  });

  it('wants exactly true for the trust bundle switch', () => {
    const bundle = (given: JsonObject[string]) =>
      readInjectValues({ pilot: { env: { ENABLE_CLUSTER_TRUST_BUNDLE_API: given } } }).clusterTrustBundle;

    expect([bundle(true), bundle('true'), bundle(1), bundle(undefined)]).toEqual([true, false, false, false]);
  });

  it.each([
    [0, ''],
    ['', ''],
    [15463, '15463'],
    ['15463', '15463'],
  ])('has no token service for the port %j, else its text: %j', (servicePort, text) => {
    expect(global({ sts: { servicePort } }).stsServicePort).toBe(text);
  });

  it('has an image name even if values take it away', () => {
    expect(proxy({ image: null }).image).toBe('proxyv2');
    expect(global({ proxy_init: { image: '' } }).proxyInitImage).toBe('proxyv2');
  });

  it('prints the names of pull secrets, and reads none from what is no list', () => {
    expect(global({ imagePullSecrets: ['a', 7] }).imagePullSecrets).toEqual(['a', '7']);
    expect(global({ imagePullSecrets: 'a' }).imagePullSecrets).toEqual([]);
  });

  it.each(['lifecycle', 'resources', 'seccompProfile'] as const)('takes an empty %s, or one that is no object, for absent', (key) => {
    const emptied = readInjectValues({ global: { proxy: { [key]: {} } } }, {}).proxy[key];

    expect([emptied, proxy({ [key]: null })[key], proxy({ [key]: 'x' })[key]]).toEqual([undefined, undefined, undefined]);
    expect(proxy({ [key]: { a: 1 } })[key]).toMatchObject({ a: 1 });
  });

  it('reads the security settings of gateways', () => {
    const values = readInjectValues({ gateways: { securityContext: { runAsUser: 1 }, seccompProfile: { type: 'RuntimeDefault' } } });

    expect(values.gatewaySecurityContext).toEqual({ runAsUser: 1 });
    expect(values.gatewaySeccompProfile).toEqual({ type: 'RuntimeDefault' });
    expect(readInjectValues({}).gatewaySecurityContext).toBeUndefined();
  });

  it('survives values whose sections are no objects', () => {
    const values = readInjectValues({ global: 'x', pilot: [], sidecarInjectorWebhook: null });

    expect(values).toMatchObject({ cniEnabled: false, rewriteAppHttpProbe: false });
    expect(values.global.hub).toBe('');
  });
});

describe('layer', () => {
  it('joins objects and replaces anything else', () => {
    const joined = layer({ a: { b: 1, c: [1] }, d: 1 }, { a: { c: [2] }, d: { e: 1 }, f: null });

    expect(joined).toEqual({ a: { b: 1, c: [2] }, d: { e: 1 }, f: null });
  });

  it('takes names of prototype members for names', () => {
    const over: JsonObject = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"a":1}}');

    const joined = layer({}, over);

    expect(JSON.stringify(joined)).toBe('{"__proto__":{"polluted":1},"constructor":{"a":1}}');
    expect(Object.getPrototypeOf(joined)).toBe(Object.prototype);
  });

  it('changes neither of them', () => {
    const under = Object.freeze({ a: Object.freeze({ b: 1 }) });
    const over = Object.freeze({ a: Object.freeze({ c: 2 }) });

    layer(under, over);

    expect([under, over]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
  });
});
