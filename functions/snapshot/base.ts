import { type GoodObjects, loadWorld } from '../../shared/compile/stored-world.ts';
import type { ContentHash } from '../../shared/lib/hash.ts';
import { type PackPlaces, readClassTable } from '../../shared/snapshot/class-table.ts';
import { readManifest } from '../../shared/snapshot/manifest.ts';
import type { RawObject } from '../../shared/sources/kubernetes/objects.ts';
import { blobsOf } from '../../shared/store/snapshots.ts';
import type { Store } from '../../shared/store/store.ts';

/** What a stored snapshot gives to the compile after it. */
export interface Base {
  readonly manifest: ContentHash | undefined;
  /** Where its resources lie. */
  readonly places: PackPlaces;
  /** Of its world. */
  readonly objects: readonly RawObject[];
  readonly good: GoodObjects;
  /** Parts that are known to be in the store, which need not be offered to it again. */
  readonly stored: ReadonlySet<ContentHash>;
}

export const nothingPublished: Base = { manifest: undefined, places: new Map(), objects: [], good: new Map(), stored: new Set() };

/** A reader fetches every pack that a snapshot names; from so many on, all resources are put together into a new one. */
const maxPacks = 32;
const nothing = new Uint8Array();

/** Reads a snapshot to build on. Of a part that cannot be read there is nothing, so that the next snapshot stands on its own. */
export async function storedBase(store: Store, id: ContentHash): Promise<Base> {
  const fetch = blobsOf(store);
  const base = { ...nothingPublished, manifest: id };
  const manifest = readManifest((await fetch(id)) ?? nothing, id);
  if (!manifest.ok) return base;
  const { classes, world: worldId } = manifest.value;
  const table = readClassTable((await fetch(classes)) ?? nothing, classes);
  const world = await loadWorld(fetch, worldId);
  return { ...base, ...(table.ok && { places: table.value.places }), ...(world.ok && world.value) };
}

/** The places to build on: none if the resources are scattered over too many packs. */
export function usablePlaces(places: PackPlaces): PackPlaces {
  return new Set(places.values()).size < maxPacks ? places : new Map();
}
