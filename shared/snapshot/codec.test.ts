import { describe, expect, it } from 'vitest';
import { onlyClass, resourcesOf, snapshotOf } from '../../test/fixtures/snapshots.ts';
import { type ContentHash, contentHash } from '../lib/hash.ts';
import { type Blob, jsonBlob } from './blob.ts';
import { chunk } from './chunk.ts';
import { readClassTable } from './class-table.ts';
import { encodeSnapshot, readOrigins, readProblems } from './codec.ts';
import { loadServingSnapshot } from './load.ts';
import { readHead, readManifest } from './manifest.ts';
import { originText } from './origins.ts';
import { packBlob, readPack } from './pack.ts';
import type { Snapshot } from './snapshot.ts';

const world = { cds: { a: '1', b: '1' }, eds: { a: '1' }, lds: { l: '1' } };
const snapshot: Snapshot = {
  ...snapshotOf(world),
  origins: new Map([[contentHash('x'), [{ kind: 'VirtualService', namespace: 'default', name: 'reviews' }]]]),
  problems: [{ code: 'c', severity: 'error', object: 'VirtualService default/x', path: 'spec', message: 'm' }],
};

function fetchFrom(blobs: readonly Blob[]): (id: ContentHash) => Promise<Uint8Array | undefined> {
  return async (id) => blobs.find((item) => item.id === id)?.bytes;
}

describe('encodeSnapshot', () => {
  it('comes back as it was', async () => {
    const { manifest, blobs } = encodeSnapshot(snapshot);

    const loaded = await loadServingSnapshot(fetchFrom(blobs), manifest);

    expect(loaded).toEqual({
      ok: true,
      value: {
        classes: snapshot.classes,
        projection: snapshot.projection,
        bodies: snapshot.bodies,
      },
    });
  });

  it('keeps origins and problems', () => {
    const { manifest, blobs } = encodeSnapshot(snapshot);
    const bytesOf = (id: ContentHash): Uint8Array => blobs.find((item) => item.id === id)?.bytes ?? new Uint8Array();
    const parts = readManifest(bytesOf(manifest), manifest);

    if (!parts.ok) throw new Error(parts.error);
    expect(readOrigins(bytesOf(parts.value.origins), parts.value.origins)).toEqual({ ok: true, value: snapshot.origins });
    expect(readProblems(bytesOf(parts.value.problems), parts.value.problems)).toEqual({ ok: true, value: snapshot.problems });
  });

  it('gives the same bytes whatever the order of maps and chunks was', () => {
    const resources = resourcesOf(world);
    const classes = (order: <T>(items: readonly T[]) => T[]): Snapshot => ({
      ...snapshot,
      classes: new Map(order([onlyClass, contentHash('other')]).map((key) => [key, { chunks: resources.map((item) => chunk([item])) }])),
      bodies: new Map(order([...snapshot.bodies])),
    });

    expect(encodeSnapshot(classes((items) => items.toReversed())).manifest).toBe(encodeSnapshot(classes((items) => [...items])).manifest);
  });

  it('stores only what the store does not have', async () => {
    const first = encodeSnapshot(snapshot);
    const second = encodeSnapshot(snapshotOf({ ...world, lds: { l: '2' } }), first.places);
    const pack = second.blobs[0];

    expect(pack && readPack(pack.bytes, pack.id)).toEqual({ ok: true, value: new Map([[contentHash('l=2'), Buffer.from('l=2')]]) });
    expect(await loadServingSnapshot(fetchFrom([...first.blobs, ...second.blobs]), second.manifest)).toMatchObject({ ok: true });
  });

  it('adds no pack where nothing is new', () => {
    const first = encodeSnapshot(snapshot);

    expect(encodeSnapshot(snapshot, first.places).blobs).toEqual(first.blobs.slice(1));
  });
});

describe('loadServingSnapshot', () => {
  const encoded = encodeSnapshot(snapshot);

  it.each(encoded.blobs.map(({ id }, index) => [index, id] as const))(
    'refuses a snapshot whose part %i is damaged or gone',
    async (_, id) => {
      const served = encoded.blobs.filter((item) => item.id !== id);
      const needed = await loadServingSnapshot(fetchFrom(served), encoded.manifest);
      const damaged = await loadServingSnapshot(fetchFrom([...served, { id, bytes: Buffer.from('{}') }]), encoded.manifest);

      const isOptional = needed.ok;
      expect(damaged.ok).toBe(isOptional);
      if (!needed.ok) expect(needed.error).toContain('is not in the store');
      if (!damaged.ok) expect(damaged.error).toContain('has the wrong checksum');
    },
  );

  it('fetches no pack for what is known', async () => {
    const withoutPack = encoded.blobs.slice(1);

    expect(await loadServingSnapshot(fetchFrom(withoutPack), encoded.manifest, snapshot.bodies)).toMatchObject({ ok: true });
  });
});

describe('refused as a value with a reason', () => {
  const manifestOf = (change: object): Blob =>
    jsonBlob({ ...JSON.parse(Buffer.from(encodeSnapshot(snapshot).blobs.at(-1)?.bytes ?? '').toString()), ...change });
  const read = ({ bytes, id }: Blob): unknown => readManifest(bytes, id);

  it.each([
    ['an empty manifest', read({ bytes: new Uint8Array(), id: contentHash('') }), 'manifest is empty'],
    ['a manifest that is no JSON', read({ bytes: Buffer.from('{'), id: contentHash('{') }), 'manifest is no JSON'],
    ['a manifest of another hash', read({ bytes: Buffer.from('{}'), id: contentHash('x') }), 'manifest has the wrong checksum'],
    ['a manifest that is a list', read(jsonBlob([])), 'manifest is not an object'],
    ['a manifest of a later schema', read(manifestOf({ schema: 2 })), 'schema version 2; this version reads 0 and 1'],
    ['a manifest without world', read(manifestOf({ world: undefined })), 'manifest names no world'],
    ['a head without manifest', readHead(Buffer.from('{"stable":"x"}')), 'head names no stable manifest'],
    ['an empty head', readHead(new Uint8Array()), 'head is empty'],
    ['a pack of other bytes', readPack(Buffer.from('x'), contentHash('y')), 'pack has the wrong checksum'],
    ['a pack without list', readPack(Buffer.from('x'), contentHash('x')), 'is no pack'],
    ['a pack that is cut off', readPack(Buffer.from('[9]\nx'), contentHash('[9]\nx')), 'is no pack'],
  ])('%s', (_, result, reason) => {
    expect(result).toMatchObject({ ok: false, error: expect.stringContaining(reason) });
  });

  const table = (change: object): Blob => jsonBlob({ types: [], packs: [], resources: [], chunks: [], classes: {}, ...change });
  it.each([
    ['a table without classes', table({}), 'has no classes'],
    ['a table with an empty class', table({ classes: { k: { chunks: [] } }, chunks: [[]] }), 'a class without resources'],
    ['a table of another form', table({ types: undefined }), 'is no class table'],
  ])('%s', (_, { bytes, id }, reason) => {
    expect(readClassTable(bytes, id)).toMatchObject({ ok: false, error: expect.stringContaining(reason) });
  });
});

describe('packBlob', () => {
  it('does not depend on the order of messages', () => {
    const bodies = [...snapshot.bodies];

    expect(packBlob(new Map(bodies.toReversed()))).toEqual(packBlob(new Map(bodies)));
  });
});

describe('originText', () => {
  it('leaves the namespace out where there is none', () => {
    expect(originText({ kind: 'MeshConfig', namespace: '', name: 'istio' })).toBe('MeshConfig istio');
    expect(originText({ kind: 'VirtualService', namespace: 'a', name: 'b' })).toBe('VirtualService a/b');
  });
});
