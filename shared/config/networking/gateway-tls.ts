/** TLS that a listener ends or passes through: of Gateways, and of a Sidecar's ingress listeners. */

import { each, error, errorIf, type Findings, warning } from '../../lib/finding.ts';
import { bool, enumeration, type InferMessage, list, message, string } from '../../lib/message.ts';

const name = 'istio.networking.v1alpha3.ServerTLSSettings';

const tlsVersion = enumeration(`${name}.TLSProtocol`, ['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']);

/** @see https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings */
export const serverTls = message(name, {
  httpsRedirect: bool,
  mode: enumeration(`${name}.TLSmode`, ['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL']),
  serverCertificate: string,
  privateKey: string,
  caCertificates: string,
  caCrl: string,
  tlsCertificates: list(message(`${name}.TLSCertificate`, { serverCertificate: string, privateKey: string, caCertificates: string })),
  credentialName: string,
  credentialNames: list(string),
  caCertCredentialName: string,
  subjectAltNames: list(string),
  verifyCertificateSpki: list(string),
  verifyCertificateHash: list(string),
  minProtocolVersion: tlsVersion,
  maxProtocolVersion: tlsVersion,
  cipherSuites: list(string),
});
export type ServerTls = InferMessage<typeof serverTls>;

type Certificate = NonNullable<ServerTls['tlsCertificates']>[number];

/** Whether the proxy leaves TLS to whom it forwards to. */
export function passesTlsThrough({ mode = 'PASSTHROUGH' }: ServerTls): boolean {
  return mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
}

export function* checkServerTls(tls: ServerTls): Findings {
  yield* checkCiphers(tls);
  if (tls.mode === 'ISTIO_MUTUAL') yield* checkMeshCertificate(tls);
  else {
    if (passesTlsThrough(tls)) yield* warnOfUnused(tls);
    yield* checkCertificates(tls);
  }
}

function* checkCiphers({ minProtocolVersion, cipherSuites = [] }: ServerTls): Findings {
  if ((minProtocolVersion === 'TLSV1_0' || minProtocolVersion === 'TLSV1_1') && cipherSuites.length === 0) {
    const message = 'TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include compatible ciphers.';
    yield warning('tls-version', 'minProtocolVersion', message);
  }
  const unknown = new Set(cipherSuites.filter((suite) => !isCipherSuite(suite)));
  const valid = cipherSuites.filter(isCipherSuite);
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const suite of valid) (seen.has(suite) ? repeated : seen).add(suite);
  if (unknown.size > 0) yield warning('cipher-suites', 'cipherSuites', `ignoring invalid cipher suites: ${listText(unknown)}`);
  if (repeated.size > 0) yield warning('cipher-suites', 'cipherSuites', `ignoring duplicate cipher suites: ${listText(repeated)}`);
}

function listText(texts: ReadonlySet<string>): string {
  return `[${[...texts].sort().join(' ')}]`;
}

/** In OpenSSL's words, which are Envoy's. */
const cipherSuites = new Set([
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
]);
const alphanumeric = /^[A-Za-z0-9]/;

/** Expressions such as `-AES128-SHA` or `[A|B]` are for Envoy to read. */
export function isCipherSuite(suite: string): boolean {
  return suite === 'ALL' || !alphanumeric.test(suite) || cipherSuites.has(suite);
}

/** With ISTIO_MUTUAL the proxy uses its own certificate. */
function* checkMeshCertificate(tls: ServerTls): Findings {
  const given: readonly (readonly [keyof ServerTls, string])[] = [
    ['serverCertificate', 'server certificate'],
    ['privateKey', 'private key'],
    ['caCertificates', 'CA bundle'],
    ['tlsCertificates', 'tlsCertificates'],
    ['credentialName', 'credentialName'],
    ['credentialNames', 'credentialNames'],
  ];
  for (const [field, what] of given) {
    const value = tls[field];
    const isSet = Array.isArray(value) ? value.length > 0 : Boolean(value);
    if (isSet) yield error('tls-istio-mutual', field, `ISTIO_MUTUAL TLS cannot have associated ${what}`);
  }
}

function* warnOfUnused(tls: ServerTls): Findings {
  const { mode = 'PASSTHROUGH', credentialNames = [], tlsCertificates = [] } = tls;
  const single = tls.caCrl || tls.serverCertificate || tls.privateKey || tls.caCertificates || tls.credentialName;
  if (!single && credentialNames.length === 0 && tlsCertificates.length === 0) return;
  yield warning('tls-passthrough', '', `${mode} mode does not use certificates, they will be ignored`);
}

function* checkCertificates(tls: ServerTls): Findings {
  const { credentialName, credentialNames = [], tlsCertificates = [] } = tls;
  const hasPair = Boolean(tls.serverCertificate && tls.privateKey);
  const sources = [hasPair, Boolean(credentialName), credentialNames.length > 0, tlsCertificates.length > 0].filter(Boolean);
  if (sources.length > 1) {
    const message = 'only one of credential_name, credential_names, server_certificate/private_key, tls_certificates should be specified';
    yield error('tls-sources', '', message);
  }
  const family = endsTls(tls.mode);
  if (family !== undefined && (credentialName || credentialNames.length > 0)) return;
  if (family !== undefined) yield* checkFiles(tls, family);
  if (!tls.caCrl) return;
  if (credentialName)
    yield error('tls-crl', 'caCrl', 'CRL is not supported with credentialName. CRL has to be specified in the credential');
  if (tls.mode === 'SIMPLE') yield error('tls-crl', 'caCrl', 'CRL is not supported with SIMPLE TLS');
}

/** How messages call the mode; undefined if the proxy does not end TLS with certificates of the user. */
function endsTls(mode: ServerTls['mode']): 'SIMPLE' | 'MUTUAL' | undefined {
  if (mode === 'SIMPLE') return 'SIMPLE';
  return mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL' ? 'MUTUAL' : undefined;
}

function* checkFiles(tls: ServerTls, family: 'SIMPLE' | 'MUTUAL'): Findings {
  if (family === 'MUTUAL')
    yield* errorIf('tls-ca', 'caCertificates', tls.caCertificates ? undefined : 'MUTUAL TLS requires a client CA bundle');
  const certificates = tls.tlsCertificates ?? [];
  if (certificates.length > 2) {
    yield warning('tls-certificates', 'tlsCertificates', `${family} TLS can support up to 2 server certificates`);
  }
  if (certificates.length === 0) yield* checkPair(tls, family);
  else yield* each('tlsCertificates', certificates, (certificate) => checkPair(certificate, family));
}

function* checkPair({ serverCertificate, privateKey }: Certificate, family: 'SIMPLE' | 'MUTUAL'): Findings {
  if (!serverCertificate) yield error('tls-certificate', 'serverCertificate', `${family} TLS requires a server certificate`);
  if (!privateKey) yield error('tls-key', 'privateKey', `${family} TLS requires a private key`);
}
