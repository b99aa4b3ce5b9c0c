import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import { type TransportSocket, TransportSocketSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import { TlsParameters_TlsProtocol, type TlsParametersSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/common_pb.js';
import { DownstreamTlsContextSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/tls_pb.js';
import { pack } from '../../lib/protobuf.ts';
import type { CertificateFiles } from '../../model/index.ts';
import { certificateFile, meshRoots, rootFile, workloadCertificate } from './sds.ts';

const cipherSuites = [
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
];

/** Of the application in the mutual TLS: HTTP, or bytes whose first may be Istio's exchange of who is who. */
const alpnProtocols = { http: ['h2', 'http/1.1'], tcp: ['istio-peer-exchange', 'h2', 'http/1.1'] };

/**
 * Ends the mesh's mutual TLS: whoever calls shows a certificate of the mesh's trust domain or one of its aliases.
 * @param files certificate on disk instead of the workload's own.
 */
export function inboundMutualTls(config: MeshConfig, traffic: 'http' | 'tcp', files: CertificateFiles | undefined): TransportSocket {
  const trustDomains = [...new Set([config.trustDomain ?? 'cluster.local', ...(config.trustDomainAliases ?? [])])];
  const matchSubjectAltNames = trustDomains.map((domain) => ({
    matchPattern: { case: 'prefix' as const, value: `spiffe://${domain}/` },
  }));
  const context = create(DownstreamTlsContextSchema, {
    commonTlsContext: {
      tlsParams: tlsParams(config.meshMTLS ?? {}),
      tlsCertificateSdsSecretConfigs: [files ? certificateFile(files.chain, files.key) : workloadCertificate()],
      validationContextType: {
        case: 'combinedValidationContext',
        value: {
          defaultValidationContext: { matchSubjectAltNames },
          validationContextSdsSecretConfig: files && files.root !== '' ? rootFile(files.root) : meshRoots(),
        },
      },
      alpnProtocols: alpnProtocols[traffic],
    },
    requireClientCertificate: true,
  });
  return create(TransportSocketSchema, {
    name: 'envoy.transport_sockets.tls',
    configType: { case: 'typedConfig', value: pack(DownstreamTlsContextSchema, context) },
  });
}

type MeshTls = NonNullable<MeshConfig['meshMTLS']>;

function tlsParams({
  minProtocolVersion,
  cipherSuites: chosen = [],
  ecdhCurves = [],
}: MeshTls): MessageInitShape<typeof TlsParametersSchema> {
  const { TLSv1_2, TLSv1_3 } = TlsParameters_TlsProtocol;
  return {
    tlsMinimumProtocolVersion: minProtocolVersion === 'TLSV1_3' ? TLSv1_3 : TLSv1_2,
    tlsMaximumProtocolVersion: TLSv1_3,
    cipherSuites: chosen.length > 0 ? [...chosen] : cipherSuites,
    ecdhCurves: [...ecdhCurves],
  };
}
