import type { ContentHash } from '../lib/hash.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { type ClassTable, readClassTable } from './class-table.ts';
import { readProjection } from './codec.ts';
import { readManifest } from './manifest.ts';
import { readPack } from './pack.ts';
import type { Bodies, ServingSnapshot } from './snapshot.ts';

/** Where stored objects come from; undefined if there is none of that id. */
export type FetchBlob = (id: ContentHash) => Promise<Uint8Array | undefined>;

/**
 * Loads what is needed to serve a manifest, every part checked against its hash. Any part that is missing or wrong refuses the whole: a snapshot is served
 * entirely or not at all. Packs are fetched only for messages that are not in `known`.
 */
export async function loadServingSnapshot(fetch: FetchBlob, id: ContentHash, known: Bodies = new Map()): Promise<Result<ServingSnapshot>> {
  const manifest = await read(fetch, id, 'manifest', readManifest);
  if (!manifest.ok) return manifest;
  const [table, projection] = await Promise.all([
    read(fetch, manifest.value.classes, 'class table', readClassTable),
    read(fetch, manifest.value.projection, 'projection', readProjection),
  ]);
  if (!table.ok) return table;
  if (!projection.ok) return projection;
  const bodies = await loadBodies(fetch, table.value, known);
  return bodies.ok ? ok({ classes: table.value.classes, projection: projection.value, bodies: bodies.value }) : bodies;
}

async function loadBodies(fetch: FetchBlob, { places }: ClassTable, known: Bodies): Promise<Result<Bodies>> {
  const missing = [...places].filter(([hash]) => !known.has(hash));
  const packs = await Promise.all([...new Set(missing.map(([, pack]) => pack))].map((pack) => read(fetch, pack, 'pack', readPack)));
  const broken = packs.find((pack) => !pack.ok);
  if (broken !== undefined) return broken;
  const loaded = new Map(packs.flatMap((pack) => (pack.ok ? [...pack.value] : [])));
  const bodies = new Map<ContentHash, Uint8Array>();
  for (const hash of places.keys()) {
    const body = known.get(hash) ?? loaded.get(hash);
    if (body === undefined) return fail(`resource ${hash} is not in its pack`);
    bodies.set(hash, body);
  }
  return ok(bodies);
}

type Reader<T> = (bytes: Uint8Array, id: ContentHash) => Result<T>;

async function read<T>(fetch: FetchBlob, id: ContentHash, name: string, reader: Reader<T>): Promise<Result<T>> {
  const bytes = await fetch(id);
  return bytes === undefined ? fail(`${name} ${id} is not in the store`) : reader(bytes, id);
}
