import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { storeContract } from '../../test/fixtures/store-contract.ts';
import { fileStore } from './file.ts';

const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'pilotless-store-'));
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

storeContract('the file store', async () => {
  const folder = await newFolder();
  return { store: fileStore(folder), other: fileStore(folder) };
});

describe('fileStore', () => {
  const bytes = new TextEncoder().encode('x');

  it('leaves nothing but objects behind', async () => {
    const folder = await newFolder();
    const store = fileStore(folder);

    await store.putIfAbsent('one', bytes);
    await store.putIfAbsent('one', bytes);
    await store.compareAndSwap('head', undefined, bytes);

    expect((await readdir(folder)).sort()).toEqual(['head', 'one']);
  });

  it('takes over the lock of a process that died', async () => {
    const folder = await newFolder();
    const lock = join(folder, '.head.lock');
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));

    expect((await fileStore(folder).compareAndSwap('head', undefined, bytes)).kind).toBe('swapped');
  });

  it('gives up when it is told to', async () => {
    const store = fileStore(await newFolder());
    await store.putIfAbsent('one', bytes);

    await expect(store.read('one', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('has no keys where there is no folder yet', async () => {
    expect(await fileStore(join(await newFolder(), 'later')).list('')).toEqual([]);
  });
});
