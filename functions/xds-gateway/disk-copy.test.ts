import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { blob, secretBlob } from '../../shared/snapshot/blob.ts';
import { fileStore } from '../../shared/store/file.ts';
import { blobsOf, publishSnapshot } from '../../shared/store/snapshots.ts';
import { diskCopy } from './disk-copy.ts';

it('keeps parts with secrets sealed, with a key of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pilotless-copy-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const store = fileStore(join(folder, 'store'));
  const hidden = secretBlob(blob(Buffer.from('the private key')));
  await publishSnapshot(store, { manifest: hidden.id, blobs: [hidden] }, undefined);

  const copy = diskCopy(join(folder, 'copy'));
  const fetched = await copy.through(blobsOf(store))(hidden.id);
  const onDisk = await readFile(join(folder, 'copy/blob', hidden.id));
  const again = await copy.through(async () => undefined)(hidden.id);

  expect(Buffer.from(fetched ?? []).toString()).toBe('the private key');
  expect(onDisk.includes('the private key')).toBe(false);
  expect(Buffer.from(again ?? []).toString()).toBe('the private key');
});
