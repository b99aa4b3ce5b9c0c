import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openServingCertificate } from './certificates.ts';

const firstStart = new Date('2026-11-20T12:00:00Z');
const names = ['localhost', '127.0.0.1'];
let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pilotless-ca-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true });
});

const open = (now = firstStart, wanted = names) => openServingCertificate({ dataDir, names: wanted, now });

describe('openServingCertificate', () => {
  it('makes a CA at the first start that only this user can read', async () => {
    const { authorityPath, certificatePem } = await open();

    const authority = new X509Certificate(await readFile(authorityPath));
    expect(new X509Certificate(certificatePem).verify(authority.publicKey)).toBe(true);
    expect((await stat(join(dataDir, 'ca'))).mode & 0o777).toBe(0o700);
    for (const file of ['ca.pem', 'serving.pem', 'root-cert.pem']) expect((await stat(join(dataDir, 'ca', file))).mode & 0o777).toBe(0o600);
  });

  it('keeps both at the next start', async () => {
    const first = await open();

    expect(await open(new Date('2026-12-20T12:00:00Z'))).toEqual(first);
  });

  it('gives processes that start at once the same CA', async () => {
    const opened = await Promise.all([open(), open(), open()]);
    const { authorityPath } = await open();

    const authority = new X509Certificate(await readFile(authorityPath));
    for (const { certificatePem } of opened) expect(new X509Certificate(certificatePem).verify(authority.publicKey)).toBe(true);
  });

  const replaced = [
    { name: 'less than 30 days are left', now: new Date('2027-01-25T12:00:00Z'), wanted: names },
    { name: 'a name is new', now: firstStart, wanted: [...names, 'mesh.example'] },
  ];
  it.each(replaced)('replaces the serving certificate, not the CA, when $name', async ({ now, wanted }) => {
    const first = await open();
    const root = await readFile(first.authorityPath, 'utf8');

    const second = await open(now, wanted);

    expect(second.certificatePem).not.toBe(first.certificatePem);
    expect(await readFile(second.authorityPath, 'utf8')).toBe(root);
    expect(new X509Certificate(second.certificatePem).checkHost('localhost')).toBe('localhost');
  });

  it('replaces a serving certificate that is broken', async () => {
    const { authorityPath } = await open();
    await writeFile(join(dataDir, 'ca', 'serving.pem'), 'half a fi');

    const { certificatePem } = await open();

    expect(new X509Certificate(certificatePem).verify(new X509Certificate(await readFile(authorityPath)).publicKey)).toBe(true);
  });

  it('never replaces a broken CA by itself, because clients trust it', async () => {
    await open();
    await writeFile(join(dataDir, 'ca', 'ca.pem'), 'half a fi');

    await expect(open()).rejects.toThrow(/ca\.pem does not hold the key and the certificate of a CA; delete it/);
  });

  it('says when the CA has expired', async () => {
    await open();

    await expect(open(new Date('2037-01-01T00:00:00Z'))).rejects.toThrow(/expired on .* delete it/);
  });

  it('says which file cannot be read', async () => {
    await mkdir(join(dataDir, 'ca', 'ca.pem'), { recursive: true });

    await expect(open()).rejects.toThrow(/ca\.pem cannot be read \(.*EISDIR/);
  });

  it('says that the data directory cannot be written', async () => {
    await writeFile(join(dataDir, 'ca'), 'a file');

    await expect(open()).rejects.toThrow(/cannot be written .* choose another folder with --data-dir/);
  });
});
