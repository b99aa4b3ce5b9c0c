import type { Chunk } from './chunk.ts';
import type { ResourceRef } from './resource.ts';

export interface ClassDiff {
  /** New, and changed in bytes or assignment; as they are afterwards. */
  readonly changed: readonly ResourceRef[];
  /** As they were. */
  readonly removed: readonly ResourceRef[];
}

/** What differs between two lists of chunks. Those of equal id are not looked into, so that a small change costs little in a big class. */
export function diffChunks(before: readonly Chunk[], after: readonly Chunk[]): ClassDiff {
  const beforeIds = new Set(before.map(({ id }) => id));
  const afterIds = new Set(after.map(({ id }) => id));
  const old = byName(before.filter(({ id }) => !afterIds.has(id)));
  const fresh = byName(after.filter(({ id }) => !beforeIds.has(id)));
  return {
    changed: [...fresh].filter(([key, ref]) => !isSame(ref, old.get(key))).map(([, ref]) => ref),
    removed: [...old].filter(([key]) => !fresh.has(key)).map(([, ref]) => ref),
  };
}

function byName(chunks: readonly Chunk[]): ReadonlyMap<string, ResourceRef> {
  return new Map(chunks.flatMap(({ refs }) => refs.map((ref): [string, ResourceRef] => [`${ref.typeUrl} ${ref.name}`, ref])));
}

function isSame(ref: ResourceRef, other: ResourceRef | undefined): boolean {
  return other !== undefined && ref.hash === other.hash && ref.assignment === other.assignment;
}
