// A certification authority for one machine: `pilotless serve` on a laptop, tests. Its key lies in a file beside the data. A cluster gets its
// certificates from a real CA.
import 'reflect-metadata'; // @peculiar/x509's container does not load without it
import { createPrivateKey, KeyObject, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and the private key that belongs to it. */
export interface KeyAndCertificate {
  readonly certificatePem: string;
  /** PKCS #8. */
  readonly privateKeyPem: string;
}

/** What making a certificate takes from outside. */
export interface IssueContext {
  readonly now: Date;
  readonly crypto: webcrypto.Crypto;
}

const dayMs = 86_400_000;
const authorityDays = 3650;
/** Clients of macOS refuse serving certificates of more than 825 days; a short life keeps the renewal honest. */
const servingDays = 90;
/** Certificates count from a little earlier, for clients whose clock lags. */
const clockSkewMs = 5 * 60_000;
const ecdsaP256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };

/** A new self-signed authority: ECDSA P-256, valid for ten years, may sign end certificates only. */
export async function createDevelopmentAuthority({ now, crypto }: IssueContext): Promise<KeyAndCertificate> {
  const keys = await crypto.subtle.generateKey(ecdsaP256, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity(now, authorityDays),
      serialNumber: serialNumber(crypto),
      name: 'O=pilotless, CN=pilotless development CA',
      keys,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return withKey(certificate, keys.privateKey);
}

/** A TLS server certificate for DNS names and IP addresses, ECDSA P-256, valid for 90 days. */
export async function issueServingCertificate(
  authority: KeyAndCertificate,
  names: readonly string[],
  context: IssueContext,
): Promise<KeyAndCertificate> {
  const subject = 'O=pilotless, CN=pilotless';
  const alternatives = names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const);
  return issue(authority, { subject, alternatives, isCritical: false, usages: [ExtendedKeyUsage.serverAuth] }, context);
}

/** The certificate of a workload, for both sides of mutual TLS: no subject, one SPIFFE URI, ECDSA P-256, valid for 90 days. */
export async function issueWorkloadCertificate(
  authority: KeyAndCertificate,
  spiffeId: string,
  context: IssueContext,
): Promise<KeyAndCertificate> {
  const usages = [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth];
  // RFC 5280, 4.2.1.6: critical where there is no subject.
  return issue(authority, { subject: '', alternatives: [{ type: 'url', value: spiffeId }], isCritical: true, usages }, context);
}

interface Issued {
  readonly subject: string;
  readonly alternatives: readonly { readonly type: 'dns' | 'ip' | 'url'; readonly value: string }[];
  readonly isCritical: boolean;
  readonly usages: readonly ExtendedKeyUsage[];
}

async function issue(
  authority: KeyAndCertificate,
  { subject, alternatives, isCritical, usages }: Issued,
  { now, crypto }: IssueContext,
): Promise<KeyAndCertificate> {
  const keys = await crypto.subtle.generateKey(ecdsaP256, true, ['sign', 'verify']);
  const issuer = new X509Certificate(authority.certificatePem);
  const certificate = await X509CertificateGenerator.create(
    {
      ...validity(now, servingDays),
      serialNumber: serialNumber(crypto),
      issuer: issuer.subjectName,
      subject,
      publicKey: keys.publicKey,
      signingKey: await signingKey(authority, crypto),
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([...usages]),
        new SubjectAlternativeNameExtension([...alternatives], isCritical),
        await AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return withKey(certificate, keys.privateKey);
}

function validity(now: Date, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(now.getTime() - clockSkewMs), notAfter: new Date(now.getTime() + days * dayMs) };
}

/** 126 random bits: unpredictable, positive and never longer than the 20 bytes that RFC 5280 allows. */
function serialNumber(crypto: webcrypto.Crypto): string {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function signingKey({ privateKeyPem }: KeyAndCertificate, crypto: webcrypto.Crypto): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', der, ecdsaP256, false, ['sign']);
}

function withKey(certificate: X509Certificate, privateKey: webcrypto.CryptoKey): KeyAndCertificate {
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    privateKeyPem: KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
