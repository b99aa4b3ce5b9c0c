import { type ContentHash, contentHash } from '../../../shared/lib/hash.ts';
import type { WorkloadClass } from '../../../shared/snapshot/chunk.ts';
import type { Bodies } from '../../../shared/snapshot/snapshot.ts';
import { clusterType } from './types.ts';

/** A resource with its bytes. One value is shared by all streams that were sent it, which keeps the bytes of old snapshots as long as they are needed. */
export interface Entry {
  readonly hash: ContentHash;
  readonly bytes: Uint8Array;
  /** Of a cluster: the name of the assignment that it waits for. */
  readonly assignment?: string;
}

/** Resources of one type by name. */
export type Entries = ReadonlyMap<string, Entry>;

/** Where a stream is to be led: everything that its class has. */
export interface Target {
  /** Equal ids, equal content. */
  readonly id: string;
  /** By type URL. */
  readonly content: ReadonlyMap<string, Entries>;
  /** Names of the assignments that the clusters wait for. */
  readonly assignments: ReadonlySet<string>;
  /** Clusters and listeners go out by name, to clients such as gRPC's. */
  readonly isFilteredByName: boolean;
}

/** What a class has, ready to be sent. Made once for all streams of the class. */
export function targetOf({ chunks, isFilteredByName }: WorkloadClass, bodies: Bodies): Target {
  const content = new Map<string, Map<string, Entry>>();
  for (const { typeUrl, name, hash, assignment } of chunks.flatMap(({ refs }) => refs)) {
    const bytes = bodies.get(hash);
    if (bytes === undefined) throw new Error(`bug: a snapshot was accepted without the bytes of ${typeUrl} ${name}`);
    const entries = content.get(typeUrl) ?? new Map<string, Entry>();
    content.set(typeUrl, entries.set(name, assignment === undefined ? { hash, bytes } : { hash, bytes, assignment }));
  }
  const id = contentHash(chunks.map((chunk) => chunk.id).join(' '));
  return { id, content, assignments: assignmentsOf(content), isFilteredByName: isFilteredByName === true };
}

export function assignmentsOf(content: ReadonlyMap<string, Entries>): ReadonlySet<string> {
  const clusters = [...(content.get(clusterType)?.values() ?? [])];
  return new Set(clusters.flatMap(({ assignment }) => assignment ?? []));
}
