import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileWatch, type WatchOptions, watchFiles } from './watch.ts';

let directory = '';
let watch: FileWatch | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pilotless-watch-'));
  await writeFile(join(directory, 'mesh.yaml'), 'a: 1');
});

afterEach(async () => {
  watch?.close();
  await rm(directory, { recursive: true });
});

/** Starts a watch; the promise settles at its first change. */
async function firstChange(options: Omit<WatchOptions, 'onChange'>): Promise<{ readonly changed: Promise<void> }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  watch = await watchFiles({ ...options, onChange: async () => resolve() });
  return { changed: promise };
}

const byEvent = { quietMs: 5, pollMs: 60_000 };
const byPoll = { quietMs: 60_000, pollMs: 5 };

const changes: readonly { readonly name: string; readonly change: () => Promise<void> }[] = [
  { name: 'a file is written', change: () => writeFile(join(directory, 'mesh.yaml'), 'a: 22') },
  { name: 'a file is new', change: () => writeFile(join(directory, 'new.yaml'), 'a: 1') },
  { name: 'a file is gone', change: () => rm(join(directory, 'mesh.yaml')) },
  {
    name: 'a file is replaced, as editors do',
    change: async () => {
      await writeFile(join(directory, '.mesh.yaml.swp'), 'a: 3');
      await rename(join(directory, '.mesh.yaml.swp'), join(directory, 'mesh.yaml'));
    },
  },
];

describe('watchFiles', () => {
  it.each(changes)('tells that $name', async ({ change }) => {
    const { changed } = await firstChange({ paths: [directory], ...byEvent });

    await change();

    await expect(changed).resolves.toBeUndefined();
  });

  it.each(changes)('tells without any event of the system that $name', async ({ change }) => {
    const { changed } = await firstChange({ paths: [directory], ...byPoll });

    await change();

    await expect(changed).resolves.toBeUndefined();
  });

  it('follows a single file of any ending through its replacement', async () => {
    const file = join(directory, 'values');
    await writeFile(file, 'a: 1');
    const { changed } = await firstChange({ paths: [file], ...byEvent });

    await writeFile(`${file}.new`, 'a: 2');
    await rename(`${file}.new`, file);

    await expect(changed).resolves.toBeUndefined();
  });

  it('follows a file that does not exist yet', async () => {
    const { changed } = await firstChange({ paths: [join(directory, 'later.yaml')], ...byPoll });

    await writeFile(join(directory, 'later.yaml'), 'a: 1');

    await expect(changed).resolves.toBeUndefined();
  });

  it('follows folders that came later', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let calls = 0;
    const onChange = async () => {
      calls += 1;
      if (calls === 1) await writeFile(join(directory, 'sub', 'second.yaml'), 'a: 1');
      else resolve();
    };
    watch = await watchFiles({ paths: [directory], onChange, quietMs: 5, pollMs: 20 });

    await mkdir(join(directory, 'sub'));
    await writeFile(join(directory, 'sub', 'first.yaml'), 'a: 1');

    await expect(promise).resolves.toBeUndefined();
  });
});
