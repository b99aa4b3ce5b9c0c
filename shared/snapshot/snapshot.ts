import type { ContentHash } from '../lib/hash.ts';
import type { Problem } from '../lib/problem.ts';
import type { WorkloadClass } from './chunk.ts';
import type { Origins } from './origins.ts';
import type { ClassKey, Projection } from './projection.ts';
import type { ResourceRef } from './resource.ts';

/** Encoded messages by their hash. */
export type Bodies = ReadonlyMap<ContentHash, Uint8Array>;

/** The part of a snapshot that is needed to serve it. */
export interface ServingSnapshot {
  readonly classes: ReadonlyMap<ClassKey, WorkloadClass>;
  /** The messages of all resources that a class refers to. */
  readonly bodies: Bodies;
  readonly projection: Projection;
}

/** What one compile makes of the world. */
export interface CompiledSnapshot extends ServingSnapshot {
  readonly origins: Origins;
  /** What was left out, and why. */
  readonly problems: readonly Problem[];
}

/** Immutable; its stored form is named by the hash of its manifest. */
export interface Snapshot extends CompiledSnapshot {
  /** The stored objects that the compile started from. */
  readonly world: ContentHash;
}

/** What a class holds: type → name → resource. */
export type ClassContent = ReadonlyMap<string, ReadonlyMap<string, ResourceRef>>;

/** The resources of a class by type and name. */
export function contentOf({ chunks }: WorkloadClass): ClassContent {
  const content = new Map<string, Map<string, ResourceRef>>();
  for (const ref of chunks.flatMap(({ refs }) => refs)) {
    const names = content.get(ref.typeUrl) ?? new Map<string, ResourceRef>();
    content.set(ref.typeUrl, names.set(ref.name, ref));
  }
  return content;
}
