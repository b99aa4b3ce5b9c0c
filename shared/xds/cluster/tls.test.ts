import { describe, expect, it } from 'vitest';
import { clustersOf, shopScope } from '../../../test/fixtures/clusters.ts';
import { config, pod, type RawObject, webEndpoints, webService } from '../../../test/fixtures/kubernetes-world.ts';
import { type MeshConfig, meshDefaults } from '../../config/mesh/mesh-config.ts';
import type { JsonObject } from '../../lib/json.ts';

const web = 'outbound|80||web.shop.svc.cluster.local';
const backends = [
  webService('web'),
  pod('a', '10.0.0.1', { app: 'web' }, { spec: { serviceAccountName: 'sa' } }),
  webEndpoints('web', { a: '10.0.0.1' }),
];
const files = { chain: '/c', key: '/k', root: '/r' };

interface More {
  readonly mesh?: MeshConfig;
  readonly clientCertificate?: typeof files;
}

/** The cluster under a rule with these TLS settings. */
function clusterWith(tls: JsonObject, { mesh = {}, clientCertificate }: More = {}): JsonObject {
  const rule = config('DestinationRule', 'web', { host: 'web', trafficPolicy: { tls } });
  const scope = shopScope([...backends, rule], { config: { ...meshDefaults, ...mesh } });
  return clustersOf(scope, clientCertificate && { clientCertificate })[web] ?? {};
}

function entry(spec: JsonObject): RawObject {
  return config('ServiceEntry', 'ext', { hosts: ['api.example.com'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], ...spec });
}

describe('TLS that a rule asks for', () => {
  it('checks certificates against the list of revoked ones', () => {
    expect(clusterWith({ mode: 'SIMPLE', caCertificates: '/ca', caCrl: '/crl' })).toMatchObject({
      transportSocket: {
        typedConfig: { commonTlsContext: { combinedValidationContext: { defaultValidationContext: { crl: { filename: '/crl' } } } } },
      },
    });
  });

  it.each([
    ['SIMPLE', true],
    ['MUTUAL', true],
    ['ISTIO_MUTUAL', false],
  ])('of mode %s follows the defaults of the mesh for TLS that is not its own: %s', (mode, expected) => {
    const tlsDefaults = { ecdhCurves: ['P-256'], cipherSuites: ['AES128-GCM-SHA256'] };
    const own = mode === 'MUTUAL' ? { clientCertificate: '/c', privateKey: '/k' } : {};
    expect(JSON.stringify(clusterWith({ mode, ...own }, { mesh: { tlsDefaults } })).includes('P-256')).toBe(expected);
  });

  it.each([
    ['MUTUAL', { alpn_override: 'false' }],
    ['ISTIO_MUTUAL', {}],
  ])('of mode %s shows the files of a proxy that has some, and checks the names of the rule alone', (mode, metadata) => {
    const own = { clientCertificate: '/other', privateKey: '/other' };
    const cluster = clusterWith({ mode, ...(mode === 'MUTUAL' && own), subjectAltNames: ['x'] }, { clientCertificate: files });

    expect(cluster).toMatchObject({
      metadata: { filterMetadata: { istio: metadata } },
      transportSocket: {
        typedConfig: {
          commonTlsContext: {
            tlsCertificateSdsSecretConfigs: [{ name: 'file-cert:/c~/k' }],
            combinedValidationContext: {
              defaultValidationContext: { matchSubjectAltNames: [{ exact: 'x' }] },
              validationContextSdsSecretConfig: { name: 'file-root:/r' },
            },
          },
        },
      },
      typedExtensionProtocolOptions: {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': { upstreamHttpProtocolOptions: { autoSni: true } },
      },
    });
    expect(JSON.stringify(cluster)).not.toContain('alpnProtocols');
  });

  it('to a ServiceEntry checks its names and the accounts of its endpoints, to a Kubernetes service none', () => {
    const spec = { resolution: 'STATIC', endpoints: [{ address: '1.2.3.4', serviceAccount: 'sa' }], subjectAltNames: ['z'] };
    const simple = config('DestinationRule', 'ext', { host: 'api.example.com', trafficPolicy: { tls: { mode: 'SIMPLE' } } });
    const namesOf = (cluster: JsonObject | undefined): unknown => JSON.stringify(cluster).match(/"exact":"[^"]*"/g) ?? [];

    expect(namesOf(clustersOf(shopScope([entry(spec), simple]))['outbound|443||api.example.com'])).toEqual([
      '"exact":"spiffe://cluster.local/ns/shop/sa/sa"',
      '"exact":"z"',
    ]);
    expect(namesOf(clusterWith({ mode: 'SIMPLE' }))).toEqual([]);
  });
});
