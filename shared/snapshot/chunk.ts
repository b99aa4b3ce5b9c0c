import { type ContentHash, contentHash } from '../lib/hash.ts';
import { compareRefs, type ResourceRef } from './resource.ts';

/** A sorted list of resources that many classes share, such as all outbound clusters of one scope. */
export interface Chunk {
  /** Hash of the list: equal ids, equal resources. */
  readonly id: ContentHash;
  /** By type, then name; each (type, name) once. */
  readonly refs: readonly ResourceRef[];
}

export function chunk(refs: readonly ResourceRef[]): Chunk {
  const sorted = refs.map(({ typeUrl, name, hash, assignment }) => refOf(typeUrl, name, hash, assignment)).sort(compareRefs);
  return {
    id: contentHash(JSON.stringify(sorted.map(({ typeUrl, name, hash, assignment }) => [typeUrl, name, hash, assignment]))),
    refs: sorted,
  };
}

/** What one kind of proxy gets. */
export interface WorkloadClass {
  /** No (type, name) is in two of them. */
  readonly chunks: readonly Chunk[];
  /** The proxies get only those clusters and listeners that they name, as gRPC clients do; others get all, whatever they name. */
  readonly isFilteredByName?: true;
}

function refOf(typeUrl: string, name: string, hash: ContentHash, assignment: string | undefined): ResourceRef {
  return assignment === undefined ? { typeUrl, name, hash } : { typeUrl, name, hash, assignment };
}
