import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { blob, secretBlob } from '../snapshot/blob.ts';
import { fileStore } from './file.ts';
import { isSealed, secretBox } from './secret-box.ts';
import { blobsOf, publishSnapshot } from './snapshots.ts';

const key = Buffer.alloc(32, 1);

describe('a secret box', () => {
  it('opens what it sealed, and nothing of it can be read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16 }), (bytes) => {
        const sealed = secretBox(key).seal(bytes);
        expect(Buffer.from(secretBox(key).open(sealed) ?? [])).toEqual(Buffer.from(bytes));
        expect(Buffer.from(sealed).includes(Buffer.from(bytes))).toBe(false);
      }),
    );
  });

  it('opens nothing that was sealed with another key, or changed in any byte', () => {
    const sealed = secretBox(key).seal(Buffer.from('a private key'));
    expect(secretBox(Buffer.alloc(32, 2)).open(sealed)).toBeUndefined();
    for (const at of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(secretBox(key).open(changed)).toBeUndefined();
    }
  });

  it('is told from what is not sealed', () => {
    expect(isSealed(secretBox(key).seal(Buffer.from('x')))).toBe(true);
    expect(isSealed(Buffer.from('{}'))).toBe(false);
  });
});

describe('the file store', () => {
  const secret = 'the private key of the shop';

  it('keeps secret parts sealed, its key to itself, and gives the parts back as they were', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pilotless-secrets-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const hidden = secretBlob(blob(Buffer.from(secret)));
    const shown = blob(Buffer.from('"public"'));
    await publishSnapshot(fileStore(folder), { manifest: shown.id, blobs: [hidden, shown] }, undefined);

    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))));
    expect(contents.some((bytes) => bytes.includes(secret))).toBe(false);
    expect((await stat(join(folder, '.secret-key'))).mode & 0o777).toBe(0o600);

    const fetch = blobsOf(fileStore(folder));
    expect(Buffer.from((await fetch(hidden.id)) ?? []).toString()).toBe(secret);
    expect(Buffer.from((await fetch(shown.id)) ?? []).toString()).toBe('"public"');
  });
});
