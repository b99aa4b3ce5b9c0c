import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDevelopmentAuthority, issueServingCertificate } from './development.ts';

const now = new Date('2026-11-20T12:00:00Z');
const context = { now, crypto: webcrypto };

describe('createDevelopmentAuthority', () => {
  it('signs itself, may sign others and holds the key of its certificate', async () => {
    const authority = await createDevelopmentAuthority(context);

    const certificate = new X509Certificate(authority.certificatePem);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(authority.privateKeyPem))).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  it('is valid for ten years, counted from the given time', async () => {
    const certificate = new X509Certificate((await createDevelopmentAuthority(context)).certificatePem);

    expect(new Date(certificate.validFrom)).toEqual(new Date('2026-11-20T11:55:00Z'));
    expect(new Date(certificate.validTo)).toEqual(new Date('2036-11-17T12:00:00Z'));
  });
});

describe('issueServingCertificate', () => {
  it('is signed by the authority and names every DNS name and address', async () => {
    const authority = await createDevelopmentAuthority(context);

    const issued = await issueServingCertificate(authority, ['localhost', '127.0.0.1', '::1'], context);

    const certificate = new X509Certificate(issued.certificatePem);
    const issuer = new X509Certificate(authority.certificatePem);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(issued.privateKeyPem))).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkIP('10.0.0.1')).toBeUndefined();
  });

  it('is for servers only and lives for 90 days', async () => {
    const authority = await createDevelopmentAuthority(context);

    const certificate = new X509Certificate((await issueServingCertificate(authority, ['localhost'], context)).certificatePem);

    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(new Date(certificate.validTo)).toEqual(new Date('2027-02-18T12:00:00Z'));
  });

  it('gives each certificate a positive serial number of its own', async () => {
    const authority = await createDevelopmentAuthority(context);

    const issued = await Promise.all([1, 2, 3].map(() => issueServingCertificate(authority, ['localhost'], context)));
    const serials = issued.map(({ certificatePem }) => new X509Certificate(certificatePem).serialNumber);

    expect(new Set(serials).size).toBe(3);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });
});
