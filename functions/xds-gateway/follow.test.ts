import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentHash } from '../../shared/lib/hash.ts';
import { silentLogger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import { encodeSnapshot } from '../../shared/snapshot/codec.ts';
import type { ServingSnapshot } from '../../shared/snapshot/snapshot.ts';
import { fileStore } from '../../shared/store/file.ts';
import { replaceHead } from '../../shared/store/replace.ts';
import { configHeadKey, publishSnapshot, seeHead } from '../../shared/store/snapshots.ts';
import type { Store } from '../../shared/store/store.ts';
import { snapshotOf, type World } from '../../test/fixtures/snapshots.ts';
import { diskCopy } from './disk-copy.ts';
import { type Follower, follow } from './follow.ts';

let folder: string;
let store: Store;
let followers: Follower[];
let figures: Record<string, number>;
let nowMs: number;

const metrics: Metrics = {
  count: (name, _labels, by = 1) => {
    figures[name] = (figures[name] ?? 0) + by;
  },
  observe: () => undefined,
  set: (name, value) => {
    figures[name] = value;
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pilotless-follow-'));
  store = fileStore(join(folder, 'store'));
  followers = [];
  figures = {};
  nowMs = Date.now();
});

afterEach(async () => {
  for (const follower of followers) follower.close();
  await rm(folder, { recursive: true, force: true });
});

async function publish(world: World): Promise<ContentHash> {
  const encoded = encodeSnapshot(snapshotOf(world));
  const seen = await seeHead(store);
  if (!seen.ok) throw new Error(seen.error);
  await publishSnapshot(store, encoded, seen.value);
  return encoded.manifest;
}

/** A gateway's start, with its copy on disk. */
async function started(of: Store = store) {
  const served: ServingSnapshot[] = [];
  const serve = (snapshot: ServingSnapshot): void => void served.push(snapshot);
  const copy = diskCopy(join(folder, 'copy'));
  const follower = await follow({ store: of, copy, log: silentLogger, metrics, nowMs: () => nowMs, serve });
  followers.push(follower);
  return { follower, served };
}

const hangs: Store = { ...fileStore('/nowhere'), read: () => new Promise(() => undefined), watch: () => ({ close: () => undefined }) };
const fails: Store = { ...hangs, read: () => Promise.reject(new Error('no route to host')) };

describe('follow with a copy on disk', () => {
  it.each([
    ['is away', fails],
    ['does not answer', hangs],
  ])('starts with the copy when the store %s', async (_how, away) => {
    const manifest = await publish({ cds: { a: '1' } });
    await started();

    const { follower, served } = await started(away);

    expect(follower.manifest).toBe(manifest);
    expect([...(served[0]?.bodies.values() ?? [])]).toEqual(
      [...snapshotOf({ cds: { a: '1' } }).bodies.values()].map((bytes) => Buffer.from(bytes)),
    );
  });

  it('tells the age of what is served, which grows while the store is away', async () => {
    await publish({ cds: { a: '1' } });
    await started();
    nowMs += 3_600_000;

    await started(fails);

    expect(figures['pilotless_snapshot_age_seconds']).toBeGreaterThan(3_590);
    expect(figures['pilotless_store_errors_total']).toBe(1);
  });

  it('goes on with what the store names once it is back', async () => {
    await publish({ cds: { a: '1' } });
    await started();
    let isAway = true;
    const flaky: Store = { ...store, read: (key, options) => (isAway ? fails.read(key) : store.read(key, options)) };
    const { follower } = await started(flaky);
    const newest = await publish({ cds: { a: '2' } });
    isAway = false;

    await follower.refresh();

    expect(follower.manifest).toBe(newest);
    expect(figures['pilotless_snapshot_age_seconds']).toBe(0);
  });

  it('keeps serving while the store is emptied, and counts the refusal once', async () => {
    const manifest = await publish({ cds: { a: '1' } });
    const { follower, served } = await started();
    await rm(join(folder, 'store'), { recursive: true });

    await follower.refresh();
    await follower.refresh();

    expect(follower).toMatchObject({ manifest, refused: 'the store has no snapshot any more' });
    expect(served).toHaveLength(1);
    expect(figures['pilotless_snapshots_refused_total']).toBe(1);
  });

  it('starts with the copy when the store is empty, or names what is not whole', async () => {
    const manifest = await publish({ cds: { a: '1' } });
    await started();
    await rm(join(folder, 'store'), { recursive: true });
    expect((await started()).follower.manifest).toBe(manifest);

    await replaceHead(store, configHeadKey, Buffer.from('{"schema":1,"stable":"'));
    const { follower } = await started();

    expect(follower).toMatchObject({ manifest, refused: 'head is no JSON' });
  });

  it('keeps what it serves where the store holds a truncated part of the next snapshot', async () => {
    const manifest = await publish({ cds: { a: '1' } });
    const { follower } = await started();
    const before = new Set(await blobs('store'));
    await publish({ cds: { a: '2' } });
    for (const part of (await blobs('store')).filter((name) => !before.has(name))) await truncate(join(folder, 'store/blob', part), 10);

    await follower.refresh();

    expect(follower.manifest).toBe(manifest);
    expect(follower.refused).toContain('wrong checksum');
    expect(figures['pilotless_snapshots_refused_total']).toBe(1);
  });

  it('serves nothing rather than a copy that was damaged', async () => {
    await publish({ cds: { a: '1' } });
    await started();
    for (const part of await blobs('copy')) await writeFile(join(folder, 'copy/blob', part), 'x');

    expect((await started(fails)).follower.manifest).toBeUndefined();
  });

  it('mends a damaged copy from the store', async () => {
    const manifest = await publish({ cds: { a: '1' } });
    await started();
    for (const part of await blobs('copy')) await writeFile(join(folder, 'copy/blob', part), 'x');
    await started();

    expect((await started(fails)).follower.manifest).toBe(manifest);
  });

  it('keeps the parts of the last snapshot only', async () => {
    await publish({ cds: { a: '1' } });
    const { follower } = await started();
    await publish({ cds: { a: '2' } });
    await follower.refresh();

    // Manifest, classes, projection and one pack.
    expect(await blobs('copy')).toHaveLength(4);
  });

  it('serves on where the disk cannot be written', async () => {
    await writeFile(join(folder, 'copy'), 'a file where the folder should be');
    const manifest = await publish({ cds: { a: '1' } });

    expect((await started()).follower.manifest).toBe(manifest);
  });
});

function blobs(of: 'store' | 'copy'): Promise<string[]> {
  return readdir(join(folder, of, 'blob'));
}
