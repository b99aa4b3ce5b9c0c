import type { ContentHash } from '../../shared/lib/hash.ts';
import { type PackPlaces, readClassTable } from '../../shared/snapshot/class-table.ts';
import { readManifest } from '../../shared/snapshot/manifest.ts';
import { blobsOf } from '../../shared/store/snapshots.ts';
import type { Store } from '../../shared/store/store.ts';

/** A reader fetches every pack that a snapshot names; from so many on, all resources are put together into a new one. */
const maxPacks = 32;
const nothing = new Uint8Array();

/** Where the resources of a stored snapshot lie; nowhere for one that cannot be read, so that the next one stands on its own. */
export async function storedPlaces(store: Store, id: ContentHash): Promise<PackPlaces> {
  const fetch = blobsOf(store);
  const manifest = readManifest((await fetch(id)) ?? nothing, id);
  if (!manifest.ok) return new Map();
  const { classes } = manifest.value;
  const table = readClassTable((await fetch(classes)) ?? nothing, classes);
  return table.ok ? table.value.places : new Map();
}

/** The places to build on: none if the resources are scattered over too many packs. */
export function usablePlaces(places: PackPlaces): PackPlaces {
  return new Set(places.values()).size < maxPacks ? places : new Map();
}
