import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../test/fixtures/listeners.ts';
import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import { TransportSocketSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import type { CertificateFiles } from '../../model/index.ts';
import { inboundMutualTls } from './downstream.ts';

function context(config: MeshConfig = {}, traffic: 'http' | 'tcp' = 'http', files?: CertificateFiles) {
  return jsonOf(TransportSocketSchema, inboundMutualTls(config, traffic, files)).typedConfig;
}

describe('inbound mutual TLS', () => {
  it('demands a certificate of the mesh', () => {
    const { requireClientCertificate, commonTlsContext } = context({ trustDomain: 'a', trustDomainAliases: ['b', 'a'] });

    expect(requireClientCertificate).toBe(true);
    expect(commonTlsContext.combinedValidationContext.defaultValidationContext.matchSubjectAltNames).toEqual([
      { prefix: 'spiffe://a/' },
      { prefix: 'spiffe://b/' },
    ]);
  });

  it('waits for the agent’s certificate and roots', () => {
    const { tlsCertificateSdsSecretConfigs, combinedValidationContext } = context().commonTlsContext;

    expect(tlsCertificateSdsSecretConfigs).toMatchObject([
      {
        name: 'default',
        sdsConfig: { initialFetchTimeout: '0s', apiConfigSource: { grpcServices: [{ envoyGrpc: { clusterName: 'sds-grpc' } }] } },
      },
    ]);
    expect(combinedValidationContext.validationContextSdsSecretConfig.name).toBe('ROOTCA');
  });

  it('takes files instead, without waiting', () => {
    const { tlsCertificateSdsSecretConfigs, combinedValidationContext } = context({}, 'http', {
      chain: '/c',
      key: '/k',
      root: '/r',
    }).commonTlsContext;

    expect(tlsCertificateSdsSecretConfigs[0].name).toBe('file-cert:/c~/k');
    expect(tlsCertificateSdsSecretConfigs[0].sdsConfig.initialFetchTimeout).toBeUndefined();
    expect(combinedValidationContext.validationContextSdsSecretConfig.name).toBe('file-root:/r');
  });

  it('trusts the mesh’s roots where there is no file of roots', () => {
    const { combinedValidationContext } = context({}, 'http', { chain: '/c', key: '/k', root: '' }).commonTlsContext;
    expect(combinedValidationContext.validationContextSdsSecretConfig.name).toBe('ROOTCA');
  });

  it.each([
    ['http', ['h2', 'http/1.1']],
    ['tcp', ['istio-peer-exchange', 'h2', 'http/1.1']],
  ] as const)('agrees on the protocol inside: %s', (traffic, alpnProtocols) => {
    expect(context({}, traffic).commonTlsContext.alpnProtocols).toEqual(alpnProtocols);
  });

  it.each<[MeshConfig['meshMTLS'], object]>([
    [undefined, { tlsMinimumProtocolVersion: 'TLSv1_2', tlsMaximumProtocolVersion: 'TLSv1_3' }],
    [{ minProtocolVersion: 'TLSV1_3' }, { tlsMinimumProtocolVersion: 'TLSv1_3' }],
    [{ cipherSuites: ['AES128-GCM-SHA256'] }, { cipherSuites: ['AES128-GCM-SHA256'] }],
    [{ ecdhCurves: ['P-256'] }, { ecdhCurves: ['P-256'] }],
  ])('follows meshMTLS %j', (meshMTLS, expected) => {
    expect(context(meshMTLS ? { meshMTLS } : {}).commonTlsContext.tlsParams).toMatchObject(expected);
  });
});
