import { rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentHash } from '../../shared/lib/hash.ts';
import { fail, ok, type Result } from '../../shared/lib/result.ts';
import { damage } from '../../shared/snapshot/blob.ts';
import { canonicalJson } from '../../shared/snapshot/canonical-json.ts';
import { readClassTable } from '../../shared/snapshot/class-table.ts';
import { type FetchBlob, loadServingSnapshot } from '../../shared/snapshot/load.ts';
import { readManifest, schemaVersion } from '../../shared/snapshot/manifest.ts';
import type { ServingSnapshot } from '../../shared/snapshot/snapshot.ts';
import { fileStore } from '../../shared/store/file.ts';
import { replaceHead } from '../../shared/store/replace.ts';
import { blobKey, blobsOf, configHeadKey, seeHead, storablePart } from '../../shared/store/snapshots.ts';

/** What a gateway starts with when the store is away: the last good snapshot, in a folder that only this gateway writes. */
export interface DiskCopy {
  /** Parts from the disk where they are whole, else from the store and then onto the disk. */
  through(fetch: FetchBlob): FetchBlob;
  /** Makes a snapshot whose parts were fetched {@link through} it the one to start with, and forgets the parts of others. */
  keep(manifest: ContentHash): Promise<void>;
  /** Notes that the store still names the kept snapshot. */
  confirm(): Promise<void>;
  /** Every part is checked against its hash. Undefined where nothing was kept yet. */
  load(): Promise<Result<CopiedSnapshot | undefined>>;
}

export interface CopiedSnapshot {
  readonly manifest: ContentHash;
  readonly snapshot: ServingSnapshot;
  /** When the store last named it. */
  readonly confirmedAtMs: number;
}

const blobPrefix = 'blob/';
const nothing = new Uint8Array();

export function diskCopy(folder: string): DiskCopy {
  const store = fileStore(folder);
  const own = blobsOf(store);
  const headPath = join(folder, ...configHeadKey.split('/'));
  const write = async (id: ContentHash, bytes: Uint8Array): Promise<void> => {
    await rm(join(folder, ...blobKey(id).split('/')), { force: true });
    await store.putIfAbsent(blobKey(id), await storablePart(store, id, bytes));
  };
  return {
    through: (fetch) => async (id) => {
      const kept = await own(id).catch(() => undefined);
      if (kept !== undefined && damage(kept, id) === undefined) return kept;
      const bytes = await fetch(id);
      if (bytes === undefined || damage(bytes, id) !== undefined) return bytes;
      // What cannot be written is served all the same; keeping it fails, and is told then.
      await write(id, bytes).catch(() => undefined);
      return bytes;
    },
    keep: async (manifest) => {
      await replaceHead(store, configHeadKey, Buffer.from(canonicalJson({ schema: schemaVersion, stable: manifest })));
      const needed = await partsOf(own, manifest);
      const keys = await store.list(blobPrefix);
      const unneeded = keys.filter((key) => !needed.has(key.slice(blobPrefix.length)));
      await Promise.all(unneeded.map((key) => rm(join(folder, ...key.split('/')), { force: true })));
    },
    confirm: () => utimes(headPath, new Date(), new Date()),
    load: async () => {
      const seen = await seeHead(store);
      if (!seen.ok) return fail(seen.error);
      const manifest = seen.value?.head.stable;
      if (manifest === undefined) return ok(undefined);
      const snapshot = await loadServingSnapshot(own, manifest);
      return snapshot.ok ? ok({ manifest, snapshot: snapshot.value, confirmedAtMs: (await stat(headPath)).mtimeMs }) : snapshot;
    },
  };
}

/** What is read to serve a snapshot. */
async function partsOf(fetch: FetchBlob, id: ContentHash): Promise<ReadonlySet<string>> {
  const manifest = readManifest((await fetch(id)) ?? nothing, id);
  if (!manifest.ok) return new Set([id]);
  const { classes, projection } = manifest.value;
  const table = readClassTable((await fetch(classes)) ?? nothing, classes);
  return new Set([id, classes, projection, ...(table.ok ? table.value.places.values() : [])]);
}
