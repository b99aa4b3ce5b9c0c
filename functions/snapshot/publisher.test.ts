import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { World } from '../../shared/compile/world.ts';
import type { ContentHash } from '../../shared/lib/hash.ts';
import { readProblems } from '../../shared/snapshot/codec.ts';
import { loadServingSnapshot } from '../../shared/snapshot/load.ts';
import { readManifest } from '../../shared/snapshot/manifest.ts';
import { classKeyOf } from '../../shared/snapshot/projection.ts';
import type { ServingSnapshot } from '../../shared/snapshot/snapshot.ts';
import { fileStore } from '../../shared/store/file.ts';
import { blobsOf, seeHead } from '../../shared/store/snapshots.ts';
import type { Store } from '../../shared/store/store.ts';
import { brokenRoute, node, otherNode, rawObject, service, weights, worldOf } from '../../test/fixtures/worlds.ts';
import { storedBase } from './base.ts';
import { Publisher } from './publisher.ts';

const dayMs = 86_400_000;
let folder: string;
let store: Store;
let world: World;
let today: Date;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pilotless-publisher-'));
  store = fileStore(folder);
  world = worldOf(service, weights(80));
  today = new Date('2026-11-21T10:00:00Z');
});

afterEach(() => rm(folder, { recursive: true }));

function publisher(of: Store = store): Publisher {
  return new Publisher({ store: of, world: () => ({ value: world, problems: [] }), now: () => today });
}

async function published(): Promise<{ readonly manifest: ContentHash; readonly snapshot: ServingSnapshot }> {
  const seen = await seeHead(store);
  const manifest = seen.ok ? seen.value?.head.stable : undefined;
  if (manifest === undefined) throw new Error('nothing is published');
  const snapshot = await loadServingSnapshot(blobsOf(store), manifest);
  if (!snapshot.ok) throw new Error(snapshot.error);
  return { manifest, snapshot: snapshot.value };
}

async function storedProblems(id: ContentHash): Promise<unknown> {
  const fetch = blobsOf(store);
  const manifest = readManifest((await fetch(id)) ?? Buffer.of(), id);
  if (!manifest.ok) throw new Error(manifest.error);
  const { problems } = manifest.value;
  const read = readProblems((await fetch(problems)) ?? Buffer.of(), problems);
  return read.ok ? read.value : read.error;
}

describe('secrets', () => {
  const secret = rawObject('v1', 'Secret', 'cert', { 'tls.key': 'dGhlIHByaXZhdGUga2V5' });
  const text = 'dGhlIHByaXZhdGUga2V5';

  async function storedTexts(): Promise<string> {
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join();
  }

  it('are in the world of the next compiler, and nowhere in the store as they are', async () => {
    world = worldOf(service, secret);
    await publisher().want(node);

    expect(await storedTexts()).not.toContain(text);
    expect((await storedBase(store, (await published()).manifest)).objects).toContainEqual(secret);
  });

  it('are left out with a problem where the store has no key', async () => {
    world = worldOf(service, secret);
    const { secretBox: _, ...keyless } = store;
    const { problems } = await publisher(keyless).want(node);

    expect(problems).toContainEqual(expect.objectContaining({ code: 'no-secret-key', severity: 'error' }));
    expect(await storedTexts()).not.toContain(text);
    expect((await storedBase(store, (await published()).manifest)).objects).not.toContainEqual(secret);
  });
});

describe('Publisher', () => {
  it('publishes nothing before a proxy asked for something', async () => {
    expect(await publisher().publish()).toMatchObject({ result: 'nothing', manifest: undefined });
    expect(await seeHead(store)).toEqual({ ok: true, value: undefined });
  });

  it('publishes a snapshot with a class for every proxy that asked', async () => {
    const first = publisher();
    await first.want(node);

    expect(await first.want(otherNode)).toMatchObject({ result: 'published', counts: { classes: 2 } });

    const { snapshot } = await published();
    for (const wanted of [node, otherNode]) expect(snapshot.classes.has(classKeyOf(snapshot.projection, wanted))).toBe(true);
  });

  it('remembers the addresses that hosts of ServiceEntries were given, for whoever compiles next', async () => {
    const entry = (name: string) =>
      rawObject('networking.istio.io/v1', 'ServiceEntry', name, { spec: { hosts: [`${name}.example.com`], resolution: 'DNS' } });
    const addressesOf = async (name: string): Promise<unknown> => {
      const { objects } = await storedBase(store, (await published()).manifest);
      return objects.find((object) => object.name === name)?.content['status'];
    };
    world = worldOf(service, entry('a'));
    await publisher().want(node);
    const first = await addressesOf('a');
    world = worldOf(service, entry('a'), entry('b'));
    await publisher().want(node);

    expect(first).toMatchObject({ addresses: [{ host: 'a.example.com' }, { host: 'a.example.com' }] });
    expect(await addressesOf('a')).toEqual(first);
    expect(await addressesOf('b')).toBeDefined();
  });

  it('publishes the world as it is when the compile begins, and nothing where nothing changed', async () => {
    const first = publisher();
    const before = await first.want(node);
    expect(await first.publish()).toMatchObject({ result: 'unchanged', manifest: before.manifest, counts: { resourcesEncoded: 0 } });

    world = worldOf(service, weights(10));

    expect(await first.publish()).toMatchObject({ result: 'published' });
    expect((await published()).manifest).not.toBe(before.manifest);
  });

  it('compiles once for all who ask before it begins', async () => {
    const first = publisher();

    const reports = await Promise.all([first.publish(), first.publish(), first.publish()]);

    expect(new Set(reports).size).toBe(1);
  });

  it('goes on after a compile that failed', async () => {
    const first = new Publisher({
      store,
      world: () => {
        throw new Error('no source');
      },
      now: () => today,
    });
    await expect(first.publish()).rejects.toThrow('no source');
    await expect(first.publish()).rejects.toThrow('no source');
  });

  it('knows after a restart what proxies asked for in the last week, and no more', async () => {
    await publisher().want(node);
    today = new Date(today.getTime() + 3 * dayMs);
    await publisher().want(otherNode);
    today = new Date(today.getTime() + 6 * dayMs);

    const restarted = publisher();

    expect(await restarted.publish()).toMatchObject({ counts: { classes: 1 } });
    const { snapshot } = await published();
    expect(snapshot.classes.has(classKeyOf(snapshot.projection, otherNode))).toBe(true);
  });

  it('makes the same snapshot after a restart, whose resources stay in the packs where they are', async () => {
    const first = publisher();
    await first.want(node);
    world = worldOf(service, weights(10));
    const { manifest } = await first.publish();

    const restarted = publisher();

    expect(await restarted.publish()).toMatchObject({ result: 'unchanged', manifest });
  });

  it('compiles again if somebody else published meanwhile', async () => {
    const rival = publisher();
    let lost = 0;
    const contested: Store = {
      ...store,
      compareAndSwap: async (key, expected, bytes) => {
        if (lost === 0) {
          world = worldOf(service, weights(50));
          await rival.want(node);
        }
        const answer = await store.compareAndSwap(key, expected, bytes);
        if (answer.kind === 'lost') lost += 1;
        return answer;
      },
    };

    const report = await publisher(contested).want(otherNode);

    expect(lost).toBe(1);
    const { manifest, snapshot } = await published();
    expect(manifest).toBe(report.manifest);
    for (const wanted of [node, otherNode]) expect(snapshot.classes.has(classKeyOf(snapshot.projection, wanted))).toBe(true);
  });

  it('knows after a restart what an object was before it broke', async () => {
    const good = await publisher().want(node);
    world = worldOf(service, brokenRoute);
    const bodies = (await published()).snapshot.bodies;

    const restarted = await publisher().publish();
    const again = await publisher().publish();

    expect(restarted).toMatchObject({ result: 'published', problems: [{ object: 'VirtualService shop/web', severity: 'error' }] });
    expect(again).toMatchObject({ result: 'unchanged', problems: restarted.problems });
    expect(restarted.manifest).not.toBe(good.manifest);
    expect((await published()).snapshot.bodies).toEqual(bodies);
  });

  it('tells what is wrong with the source, also in the stored snapshot', async () => {
    const problem = { code: 'broken-manifest', severity: 'error', object: 'mesh/a.yaml', path: '', message: 'is no YAML' } as const;
    const report = await new Publisher({ store, world: () => ({ value: world, problems: [problem] }), now: () => today }).want(node);

    expect(report.problems).toEqual([problem]);
    expect(await storedProblems((await published()).manifest)).toEqual([problem]);
  });

  it('publishes a whole snapshot over one that lost a part', async () => {
    const first = publisher();
    const { manifest } = await first.want(node);
    if (manifest === undefined) throw new Error('nothing is published');
    await rm(join(folder, 'blob', manifest));
    world = worldOf(service, weights(10));

    await publisher().publish();

    expect((await published()).snapshot.classes.size).toBe(1);
  });

  it('puts the resources together before readers have to fetch too many packs', async () => {
    const first = publisher();
    await first.want(node);
    const packs: number[] = [];
    for (let round = 1; round <= 40; round += 1) {
      // Each round adds a service, whose resources go into a new pack.
      world = worldOf(
        ...Array.from({ length: round }, (_, index) => rawObject('v1', 'Service', `web-${index}`, { spec: service.content['spec'] ?? {} })),
      );
      await first.publish();
      packs.push(new Set((await storedBase(store, (await published()).manifest)).places.values()).size);
    }

    expect(Math.max(...packs)).toBe(32);
    expect(packs.at(-1)).toBeLessThan(32);
  });
});
