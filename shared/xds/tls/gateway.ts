/** TLS that ends at a gateway. */

import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import { isCipherSuite, type ServerTls } from '../../config/networking/gateway-tls.ts';
import { type TransportSocket, TransportSocketSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import {
  type CertificateValidationContextSchema,
  TlsParameters_TlsProtocol,
  type TlsParametersSchema,
} from '../../gen/envoy/extensions/transport_sockets/tls/v3/common_pb.js';
import type { SdsSecretConfig } from '../../gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import { type CommonTlsContextSchema, DownstreamTlsContextSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/tls_pb.js';
import { pack } from '../../lib/protobuf.ts';
import { type CertificateFiles, credentialsOf } from '../../model/index.ts';
import { certificateFile, controlPlaneSecret, meshRoots, rootFile, workloadCertificate } from './sds.ts';

/** What decides about a gateway's TLS besides the server's own settings. */
export interface GatewayTlsChoice {
  readonly config: MeshConfig;
  /** Whether HTTP is inside. */
  readonly traffic: 'http' | 'tcp';
  /** The proxy's own certificate for the mesh, where that lies on its disk. */
  readonly serverCertificate: CertificateFiles | undefined;
}

type CommonTls = MessageInitShape<typeof CommonTlsContextSchema>;
type Validation = MessageInitShape<typeof CertificateValidationContextSchema>;

/** Ends TLS as the server's settings say. */
export function gatewayTls(settings: ServerTls, choice: GatewayTlsChoice): TransportSocket {
  const { mode } = settings;
  const context = create(DownstreamTlsContextSchema, {
    commonTlsContext: {
      ...(mode !== 'ISTIO_MUTUAL' && tlsParams(settings, choice.config.tlsDefaults ?? {})),
      ...identities(settings, choice),
      alpnProtocols: alpnProtocols(mode, choice.traffic),
    } as CommonTls,
    requireClientCertificate: mode === 'MUTUAL' || mode === 'ISTIO_MUTUAL',
  });
  return create(TransportSocketSchema, {
    name: 'envoy.transport_sockets.tls',
    configType: { case: 'typedConfig', value: pack(DownstreamTlsContextSchema, context) },
  });
}

/** Proxies of the mesh begin with an exchange of who is who where no HTTP headers can tell it. */
function alpnProtocols(mode: ServerTls['mode'], traffic: 'http' | 'tcp'): string[] {
  return mode === 'ISTIO_MUTUAL' && traffic === 'tcp' ? ['istio-peer-exchange', 'h2', 'http/1.1'] : ['h2', 'http/1.1'];
}

/** The certificate that is shown, and what those of clients are checked against. */
function identities(settings: ServerTls, { serverCertificate }: GatewayTlsChoice): CommonTls {
  const { mode, serverCertificate: chain = '', privateKey: key = '', caCertificates: root = '' } = settings;
  if (mode === 'ISTIO_MUTUAL') return withValidation(fileIdentity(serverCertificate), settings);
  const credentials = credentialsOf(settings);
  if (credentials.certificates.length > 0) {
    const authority = credentials.authority === undefined ? undefined : controlPlaneSecret(credentials.authority);
    return withValidation({ certificates: credentials.certificates.map(controlPlaneSecret), authority, isFromSecrets: true }, settings);
  }
  const files = settings.tlsCertificates ?? [];
  if (files.length === 0) return withValidation(fileIdentity({ chain, key, root }), settings);
  const certificates = files.map(({ serverCertificate: one = '', privateKey = '' }) => certificateFile(one, privateKey));
  return withValidation(
    { ...fileIdentity({ chain: '', key: '', root: root || (files[0]?.caCertificates ?? '') }), certificates },
    settings,
  );
}

interface Identity {
  readonly certificates: readonly SdsSecretConfig[];
  readonly authority: SdsSecretConfig | undefined;
  readonly isFromSecrets?: true;
}

/** Files on the proxy's disk; what is not there is the mesh's. */
function fileIdentity(files: CertificateFiles | undefined): Identity {
  const { chain = '', key = '', root = '' } = files ?? {};
  return {
    certificates: [chain === '' ? workloadCertificate() : certificateFile(chain, key)],
    authority: root === '' ? meshRoots() : rootFile(root),
  };
}

const checkingModes: ReadonlySet<string> = new Set(['MUTUAL', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL']);

function withValidation({ certificates, authority, isFromSecrets }: Identity, settings: ServerTls): CommonTls {
  const common: CommonTls = { tlsCertificateSdsSecretConfigs: [...certificates] };
  if (authority === undefined || !checkingModes.has(settings.mode ?? '')) return common;
  const value = { defaultValidationContext: clientChecks(settings, isFromSecrets), validationContextSdsSecretConfig: authority };
  return { ...common, validationContextType: { case: 'combinedValidationContext', value } };
}

/** Istio compatibility: hashes of certificates and keys count only with credentials from secrets, a list of revoked certificates only with files. */
function clientChecks(settings: ServerTls, isFromSecrets: true | undefined): Validation {
  const { subjectAltNames = [], verifyCertificateHash = [], verifyCertificateSpki = [], caCrl = '' } = settings;
  return {
    matchSubjectAltNames: subjectAltNames.map((value) => ({ matchPattern: { case: 'exact', value } })),
    ...(isFromSecrets
      ? { verifyCertificateHash: [...verifyCertificateHash], verifyCertificateSpki: [...verifyCertificateSpki] }
      : caCrl !== '' && { crl: { specifier: { case: 'filename', value: caCrl } } }),
  };
}

type TlsDefaults = NonNullable<MeshConfig['tlsDefaults']>;
type TlsParams = MessageInitShape<typeof TlsParametersSchema>;

/** The server's own settings go before the mesh's; without either Envoy chooses. Suites that Envoy does not know are left out. */
function tlsParams(settings: ServerTls, defaults: TlsDefaults): Pick<CommonTls, 'tlsParams'> {
  const minimum = protocolOf(settings.minProtocolVersion) ?? protocolOf(defaults.minProtocolVersion);
  const maximum = protocolOf(settings.maxProtocolVersion);
  const own = [...new Set(settings.cipherSuites ?? [])].filter(isCipherSuite);
  const suites = own.length > 0 ? own : (defaults.cipherSuites ?? []);
  const params: TlsParams = {
    ...(minimum !== undefined && { tlsMinimumProtocolVersion: minimum }),
    ...(maximum !== undefined && { tlsMaximumProtocolVersion: maximum }),
    ...(suites.length > 0 && { cipherSuites: [...suites] }),
    ...((defaults.ecdhCurves ?? []).length > 0 && { ecdhCurves: [...(defaults.ecdhCurves ?? [])] }),
  };
  return Object.keys(params).length === 0 ? {} : { tlsParams: params };
}

const protocols: ReadonlyMap<string, TlsParameters_TlsProtocol> = new Map([
  ['TLSV1_0', TlsParameters_TlsProtocol.TLSv1_0],
  ['TLSV1_1', TlsParameters_TlsProtocol.TLSv1_1],
  ['TLSV1_2', TlsParameters_TlsProtocol.TLSv1_2],
  ['TLSV1_3', TlsParameters_TlsProtocol.TLSv1_3],
]);

function protocolOf(version = ''): TlsParameters_TlsProtocol | undefined {
  return protocols.get(version);
}
