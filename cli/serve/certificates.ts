import { createPrivateKey, randomUUID, webcrypto, X509Certificate } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { KeyAndCertificate } from '../../shared/ca/development.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';

/** A serving certificate and where its clients find the certificate to trust. */
export interface ServingCertificate extends KeyAndCertificate {
  readonly authorityPath: string;
}

export interface CertificateRequest {
  readonly dataDir: string;
  /** DNS names and IP addresses by which clients call. */
  readonly names: readonly string[];
  readonly now: Date;
}

/** A serving certificate with less than this left is replaced. */
const renewBeforeMs = 30 * 86_400_000;

/**
 * The serving certificate of the development CA under `DATA-DIR/ca` (folder 0700, files 0600). The CA is made at the first start and then kept;
 * the serving certificate is replaced before it expires, or when the names or the CA have changed.
 */
export async function openServingCertificate({ dataDir, names, now }: CertificateRequest): Promise<ServingCertificate> {
  const directory = join(dataDir, 'ca');
  const authorityPath = join(directory, 'root-cert.pem');
  await makePrivateDirectory(directory);
  const authority = await openAuthority(join(directory, 'ca.pem'), now);
  if ((await readIfThere(authorityPath)) !== authority.certificatePem) await writePrivate(authorityPath, authority.certificatePem);
  const serving = await openServing({ path: join(directory, 'serving.pem'), authority, names, now });
  return { ...serving, authorityPath };
}

async function openAuthority(path: string, now: Date): Promise<KeyAndCertificate> {
  const text = (await readIfThere(path)) ?? (await createAuthority(path, now));
  const authority = splitPem(text);
  const certificate = authority && parseCertificate(authority);
  if (authority === undefined || certificate === undefined || !certificate.ca) {
    throw new ControlPlaneError('unreadable', `${path} does not hold the key and the certificate of a CA; delete it and a new CA is made`);
  }
  if (new Date(certificate.validTo) <= now) {
    throw new ControlPlaneError('unreadable', `the CA in ${path} expired on ${certificate.validTo}; delete it and a new CA is made`);
  }
  return authority;
}

/** Of two processes that start at once, the first to link its file wins and the other one reads it. */
async function createAuthority(path: string, now: Date): Promise<string> {
  const { createDevelopmentAuthority } = await import('../../shared/ca/development.ts');
  const made = joinPem(await createDevelopmentAuthority({ now, crypto: webcrypto }));
  const draft = draftPath(path);
  try {
    await writeFile(draft, made, { mode: 0o600 });
    await link(draft, path);
    return made;
  } catch (caught) {
    const winner = await readIfThere(path);
    if (winner === undefined) throw unwritable(path, caught);
    return winner;
  } finally {
    await rm(draft, { force: true });
  }
}

interface ServingFile {
  readonly path: string;
  readonly authority: KeyAndCertificate;
  readonly names: readonly string[];
  readonly now: Date;
}

async function openServing({ path, authority, names, now }: ServingFile): Promise<KeyAndCertificate> {
  const text = await readIfThere(path);
  const kept = text === undefined ? undefined : splitPem(text);
  if (kept !== undefined && isUsable(kept, { authority, names, now })) return kept;
  const { issueServingCertificate } = await import('../../shared/ca/development.ts');
  const issued = await issueServingCertificate(authority, names, { now, crypto: webcrypto });
  await writePrivate(path, joinPem(issued));
  return issued;
}

function isUsable(serving: KeyAndCertificate, { authority, names, now }: Omit<ServingFile, 'path'>): boolean {
  const certificate = parseCertificate(serving);
  if (certificate === undefined) return false;
  const isLongEnough = new Date(certificate.validTo).getTime() - now.getTime() > renewBeforeMs;
  const isOurs = certificate.verify(new X509Certificate(authority.certificatePem).publicKey);
  return isLongEnough && isOurs && names.every((name) => isNamedIn(certificate, name));
}

function isNamedIn(certificate: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
}

const pemBlock = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----\n?/g;

function splitPem(text: string): KeyAndCertificate | undefined {
  const blocks = new Map([...text.matchAll(pemBlock)].map((match) => [match[1], match[0]]));
  const [privateKeyPem, certificatePem] = [blocks.get('PRIVATE KEY'), blocks.get('CERTIFICATE')];
  return privateKeyPem && certificatePem ? { privateKeyPem, certificatePem } : undefined;
}

/** One file for both, so that no reader ever sees the key of another certificate. */
function joinPem({ privateKeyPem, certificatePem }: KeyAndCertificate): string {
  return `${privateKeyPem}${certificatePem}`;
}

/** Nothing if the certificate is broken or belongs to another key. */
function parseCertificate({ certificatePem, privateKeyPem }: KeyAndCertificate): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(certificatePem);
    return certificate.checkPrivateKey(createPrivateKey(privateKeyPem)) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  } catch (caught) {
    throw unwritable(path, caught);
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (caught) {
    const error = ControlPlaneError.from(caught);
    if (isMissing(caught)) return undefined;
    throw new ControlPlaneError('unreadable', `${path} cannot be read (${error.message}); give this user access to it or delete it`, {
      cause: caught,
    });
  }
}

async function writePrivate(path: string, text: string): Promise<void> {
  const draft = draftPath(path);
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, path);
  } catch (caught) {
    throw unwritable(path, caught);
  }
}

function draftPath(path: string): string {
  return `${path}.${randomUUID()}.new`;
}

function isMissing(caught: unknown): boolean {
  return caught instanceof Error && 'code' in caught && caught.code === 'ENOENT';
}

function unwritable(path: string, caught: unknown): ControlPlaneError {
  const { message } = ControlPlaneError.from(caught);
  return new ControlPlaneError('unavailable', `${path} cannot be written (${message}); choose another folder with --data-dir`, {
    cause: caught,
  });
}
