import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../test/fixtures/listeners.ts';
import { FilterSchema } from '../gen/envoy/config/listener/v3/listener_components_pb.js';
import { RouteConfigurationSchema } from '../gen/envoy/config/route/v3/route_pb.js';
import { type HttpChain, type HttpSettings, httpConnectionManager } from './http-connection-manager.ts';

const chain: HttpChain = { direction: 'outbound', statPrefix: 'p;', route: '80', filters: [], isHttp2: false, isProxy: false };
const settings: HttpSettings = { acceptsHttp10: false, idleTimeout: '', headers: {}, pathNormalization: 'DEFAULT', accessLog: [] };

function manager(chainParts: Partial<HttpChain>, settingParts: Partial<HttpSettings> = {}) {
  return jsonOf(FilterSchema, httpConnectionManager({ ...chain, ...chainParts }, { ...settings, ...settingParts })).typedConfig;
}

describe('the HTTP connection manager', () => {
  it('asks for outbound routes by name, however long they take', () => {
    expect(manager({}).rds).toEqual({
      configSource: { ads: {}, initialFetchTimeout: '0s', resourceApiVersion: 'V3' },
      routeConfigName: '80',
    });
  });

  it('carries inbound routes itself', () => {
    expect(manager({ route: create(RouteConfigurationSchema, { name: 'inline' }) }).routeConfig).toEqual({ name: 'inline' });
  });

  it('believes in no remote address and ends no idle stream', () => {
    expect(manager({})).toMatchObject({ useRemoteAddress: false, streamIdleTimeout: '0s', upgradeConfigs: [{ upgradeType: 'websocket' }] });
  });

  it('tells the application about its caller on inbound chains only', () => {
    expect(manager({ direction: 'inbound' })).toMatchObject({
      serverName: 'istio-envoy',
      forwardClientCertDetails: 'APPEND_FORWARD',
      setCurrentClientCertDetails: { subject: true, dns: true, uri: true },
    });
    expect(Object.keys(manager({}))).not.toContain('serverName');
    expect(Object.keys(manager({}))).not.toContain('setCurrentClientCertDetails');
  });

  it.each<[string, HttpSettings['headers'], object]>([
    ['the server header', { server: { value: 'mesh' } }, { serverName: 'mesh' }],
    ['no server header', { server: { disabled: true } }, { serverHeaderTransformation: 'PASS_THROUGH' }],
    ['no request id', { requestId: { disabled: true } }, { generateRequestId: false }],
    ['another treatment of certificates', { forwardedClientCert: 'SANITIZE_SET' }, { forwardClientCertDetails: 'SANITIZE_SET' }],
    [
      'certificate details',
      { setCurrentClientCertDetails: { cert: true, dns: false } },
      { setCurrentClientCertDetails: { subject: true, uri: true, cert: true } },
    ],
    [
      'the case of header names',
      { preserveHttp1HeaderCase: true },
      { httpProtocolOptions: { headerKeyFormat: { statefulFormatter: { name: 'preserve_case' } } } },
    ],
    ['the forwarded port', { xForwardedPort: { enabled: true } }, { appendXForwardedPort: true }],
  ])('takes %s from ProxyConfig', (_, headers, expected) => {
    expect(manager({ direction: 'inbound' }, { headers })).toMatchObject(expected);
  });

  it('removes the default server name where the application’s own is kept', () => {
    expect(manager({ direction: 'inbound' }, { headers: { server: { disabled: true } } }).serverName).toBeUndefined();
  });

  it.each<[HttpSettings['pathNormalization'], object]>([
    ['DEFAULT', { normalizePath: true, pathWithEscapedSlashesAction: 'KEEP_UNCHANGED' }],
    ['NONE', { normalizePath: false, pathWithEscapedSlashesAction: 'KEEP_UNCHANGED' }],
    ['MERGE_SLASHES', { normalizePath: true, mergeSlashes: true, pathWithEscapedSlashesAction: 'KEEP_UNCHANGED' }],
    ['DECODE_AND_MERGE_SLASHES', { normalizePath: true, mergeSlashes: true, pathWithEscapedSlashesAction: 'UNESCAPE_AND_FORWARD' }],
  ])('normalizes paths: %s', (pathNormalization, expected) => {
    expect(manager({}, { pathNormalization })).toMatchObject(expected);
  });

  it.each<[string, Partial<HttpChain>, Partial<HttpSettings>, object]>([
    ['HTTP/1.0', {}, { acceptsHttp10: true }, { httpProtocolOptions: { acceptHttp10: true } }],
    ['an idle timeout', {}, { idleTimeout: '42s' }, { commonHttpProtocolOptions: { idleTimeout: '42s' } }],
    ['whole URLs for a proxy', { isProxy: true }, {}, { httpProtocolOptions: { allowAbsoluteUrl: true } }],
    ['HTTP/2 for the application', { isHttp2: true }, {}, { http2ProtocolOptions: {} }],
  ])('knows %s', (_, chainParts, settingParts, expected) => {
    expect(manager(chainParts, settingParts)).toMatchObject(expected);
  });
});
