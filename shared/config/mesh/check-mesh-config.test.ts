import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../lib/json.ts';
import { validateMeshConfig, validateMeshNetworks } from './validate-mesh.ts';

const check = (mesh: JsonObject): readonly string[] => validateMeshConfig(mesh).map(({ path, message }) => `${path}: ${message}`);
const checkNetwork = (network: JsonObject): readonly string[] =>
  validateMeshNetworks({ networks: { net: network } }).map(({ path, message }) => `${path.replace('networks[net].', '')}: ${message}`);

const retry = (policy: JsonObject): JsonObject => ({ defaultInboundHttpRetryPolicy: policy });
const retryPrefix = 'invalid default inbound http retry policy: ';

describe('validateMeshConfig', () => {
  it.each([{}, { connectTimeout: '1h', protocolDetectionTimeout: '-5s', trustDomain: 'a.b.', trustDomainAliases: ['c'] }])(
    'takes %j',
    (mesh) => {
      expect(check(mesh)).toEqual([]);
    },
  );

  it.each<[JsonObject, readonly string[]]>([
    [{ proxyListenPort: 0 }, ['proxyListenPort: invalid proxy listen port: port number 0 must be in the range 1..65535']],
    [{ connectTimeout: '2h' }, ['connectTimeout: invalid connect timeout: time 2h0m0s must be >1ms and <1h0m0s']],
    [
      { protocolDetectionTimeout: '1.0005s' },
      ['protocolDetectionTimeout: invalid protocol detection timeout: only durations to ms precision are supported'],
    ],
    [{ defaultConfig: { proxyAdminPort: -1 } }, ['defaultConfig: invalid proxy admin port: port number -1 must be in the range 1..65535']],
    [
      { serviceSettings: [{ hosts: ['a', 'a.*'] }] },
      ['serviceSettings[0].hosts[1]: serviceSettings[0], host `a.*`: domain name "*" invalid (label "*" invalid)'],
    ],
    [{ trustDomain: 'a_b' }, ['trustDomain: trustDomain: trust domain name "a_b" invalid']],
    [{ trustDomainAliases: [''] }, ['trustDomainAliases[0]: trustDomainAliases[0], domain `` : empty domain name not allowed']],
    [{ meshMTLS: { ecdhCurves: ['P-256'] } }, ['meshMTLS.ecdhCurves: mesh TLS does not support ECDH curves configuration']],
    [
      { tlsDefaults: { ecdhCurves: ['P-256', 'z', 'P-256', 'a'] } },
      [
        'tlsDefaults.ecdhCurves: detected unrecognized ECDH curves: [a z]',
        'tlsDefaults.ecdhCurves: detected duplicate ECDH curves: [P-256]',
      ],
    ],
    [
      { defaultTrafficPolicy: { connectionPool: { tcp: { maxConnections: -1 } }, outlierDetection: { maxEjectionPercent: 101 } } },
      [
        'defaultTrafficPolicy.connectionPool.tcp.maxConnections: max connections must be non-negative',
        'defaultTrafficPolicy.outlierDetection.maxEjectionPercent: percentage 101 is not in range 0..100',
      ],
    ],
    [
      retry({ backoff: '1s' }),
      [`defaultInboundHttpRetryPolicy.backoff: ${retryPrefix}backoff configured when attempts are set to 0 (disabled)`],
    ],
    [retry({ attempts: -1 }), [`defaultInboundHttpRetryPolicy.attempts: ${retryPrefix}attempts cannot be negative`]],
    [
      retry({ attempts: 1, perTryTimeout: '1s' }),
      ['defaultInboundHttpRetryPolicy.perTryTimeout: perTryTimeout is ignored by the default inbound http retry policy'],
    ],
    [
      { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_AUTO_ALLOCATE: 'true' } } },
      [expect.stringContaining("'ISTIO_META_DNS_AUTO_ALLOCATE' is deprecated; review https://istio.io/")],
    ],
    [
      {
        extensionProviders: [
          { name: 'z', zipkin: { service: 'a/b/c' } },
          { name: 'l', lightstep: { service: 'a:1', port: 1 } },
        ],
      },
      [
        'extensionProviders[3].zipkin.service: pilotless: extension provider z: domain name "b/c" invalid (label "b/c" invalid)',
        'extensionProviders[3].zipkin.port: pilotless: extension provider z: invalid service port: port number 0 must be in the range 1..65535',
        'extensionProviders[4].lightstep.service: pilotless: extension provider l: invalid service fmt a:1: a:1 is not a valid IP',
        'extensionProviders[4].lightstep.accessToken: pilotless: extension provider l: access token is required',
      ],
    ],
    [{ accesslogfile: 'x' }, [': unknown field "accesslogfile" in istio.mesh.v1alpha1.MeshConfig']],
    [{ connectTimeout: 5 }, [expect.stringContaining('connectTimeout: ')]],
  ])('says of %j', (mesh, findings) => {
    expect(check(mesh)).toEqual(findings);
  });
});

describe('validateMeshNetworks', () => {
  it.each<[JsonObject, readonly string[]]>([
    [{ endpoints: [{ fromRegistry: 'Kubernetes' }, { fromCidr: '10.0.0.0/8' }], gateways: [{ address: 'a.b', port: 443 }] }, []],
    [{ endpoints: [{ fromRegistry: 'a b' }] }, ['endpoints[0].fromRegistry: invalid network net: invalid registry name: a b']],
    [{ endpoints: [{ fromCidr: 'x' }] }, [expect.stringContaining('endpoints[0].fromCidr: invalid network net: ')]],
    [{ gateways: [{ address: 'a_b', port: 1 }] }, ['gateways[0].address: invalid network net: a_b is not a valid IP address or DNS name']],
    [
      { endpoints: [{ fromRegistry: 'a b' }], gateways: [{ registryServiceName: 'a', port: 0 }] },
      ['gateways[0].port: invalid network net: port number 0 must be in the range 1..65535'],
    ],
  ])('says of %j', (network, findings) => {
    expect(checkNetwork(network)).toEqual(findings);
  });

  it('says where it cannot be read', () => {
    expect(validateMeshNetworks({ networks: [] })).toMatchObject([{ code: 'undecodable', path: 'networks' }]);
  });
});
