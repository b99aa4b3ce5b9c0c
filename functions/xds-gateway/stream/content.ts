import { type ContentHash, contentHash } from '../../../shared/lib/hash.ts';
import { type Chunk, chunk, type WorkloadClass } from '../../../shared/snapshot/chunk.ts';
import type { Bodies } from '../../../shared/snapshot/snapshot.ts';
import { clusterType, secretType } from './types.ts';

/** A resource with its bytes. One value is shared by all streams that were sent it, which keeps the bytes of old snapshots as long as they are needed. */
export interface Entry {
  readonly hash: ContentHash;
  readonly bytes: Uint8Array;
  /** Of a cluster: the name of the assignment that it waits for. */
  readonly assignment?: string;
  /** Stands in for a resource that nobody has. */
  readonly isShell?: true;
}

/** Resources of one type by name. Never changed, so that many streams can have the same: what a thousand proxies get is there once. */
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

/**
 * Makes targets of classes. What two classes have in common is one value, also from one snapshot to the next: a type in which nothing changed is told by
 * comparing references, and the memory is that of the chunks, whatever the number of classes.
 */
export class Targets {
  readonly #chunks = new Lasting<ChunkContent>();
  readonly #types = new Lasting<Entries>();
  readonly #sets = new Lasting<ReadonlySet<string>>();
  #bodies: Bodies = new Map();
  #made = new WeakMap<WorkloadClass, Target>();

  /** From now on targets are those of another snapshot. */
  take(bodies: Bodies): void {
    this.#bodies = bodies;
    this.#made = new WeakMap();
    for (const lasting of [this.#chunks, this.#types, this.#sets]) lasting.age();
  }

  of(value: WorkloadClass): Target {
    const target = this.#made.get(value) ?? this.#make(value);
    this.#made.set(value, target);
    return target;
  }

  #make({ chunks, isFilteredByName }: WorkloadClass): Target {
    const parts = chunks.map((chunk) => ({ id: chunk.id, ...this.#chunks.get(chunk.id, () => chunkContent(chunk, this.#bodies)) }));
    const typeUrls = new Set(parts.flatMap(({ content }) => [...content.keys()]));
    const content = new Map([...typeUrls].map((typeUrl) => [typeUrl, this.#entriesOf(typeUrl, parts)]));
    const waiting = parts.filter(({ assignments }) => assignments.size > 0);
    const assignments = this.#sets.get(idOf(waiting), () => united(waiting.map((part) => part.assignments)));
    return { id: contentHash(idOf(parts)), content, assignments, isFilteredByName: isFilteredByName === true };
  }

  #entriesOf(typeUrl: string, parts: readonly (ChunkContent & Identified)[]): Entries {
    const having = parts.filter(({ content }) => content.has(typeUrl));
    const maps = having.flatMap(({ content }) => content.get(typeUrl) ?? []);
    return this.#types.get(`${typeUrl} ${idOf(having)}`, () => (maps.length === 1 && maps[0]) || joined(maps));
  }
}

const parts = new WeakMap<Entries, readonly Entries[]>();

function joined(maps: readonly Entries[]): Entries {
  const entries = new Map(maps.flatMap((map) => [...map]));
  parts.set(entries, maps);
  return entries;
}

/** What the entries of a class were joined from: work on it can be done once for all classes that have it. */
export function partsOf(entries: Entries): readonly Entries[] {
  return parts.get(entries) ?? [entries];
}

const publicParts = new WeakMap<Chunk, Chunk>();

/** The class for proxies that have not proven who they are. */
export function withoutSecrets(value: WorkloadClass): WorkloadClass {
  if (!value.chunks.some(hasSecrets)) return value;
  return { ...value, chunks: value.chunks.map(publicPart) };
}

function hasSecrets({ refs }: Chunk): boolean {
  return refs.some(({ typeUrl }) => typeUrl === secretType);
}

function publicPart(whole: Chunk): Chunk {
  if (!hasSecrets(whole)) return whole;
  const part = publicParts.get(whole) ?? chunk(whole.refs.filter(({ typeUrl }) => typeUrl !== secretType));
  publicParts.set(whole, part);
  return part;
}

/** What a class has, ready to be sent. */
export function targetOf(value: WorkloadClass, bodies: Bodies): Target {
  const targets = new Targets();
  targets.take(bodies);
  return targets.of(value);
}

export function assignmentsOf(content: ReadonlyMap<string, Entries>): ReadonlySet<string> {
  const clusters = [...(content.get(clusterType)?.values() ?? [])];
  return new Set(clusters.flatMap(({ assignment }) => assignment ?? []));
}

interface ChunkContent {
  readonly content: ReadonlyMap<string, Entries>;
  readonly assignments: ReadonlySet<string>;
}

interface Identified {
  readonly id: string;
}

function chunkContent({ refs }: Chunk, bodies: Bodies): ChunkContent {
  const content = new Map<string, Map<string, Entry>>();
  for (const { typeUrl, name, hash, assignment } of refs) {
    const bytes = bodies.get(hash);
    if (bytes === undefined) throw new Error(`bug: a snapshot was accepted without the bytes of ${typeUrl} ${name}`);
    const entries = content.get(typeUrl) ?? new Map<string, Entry>();
    content.set(typeUrl, entries.set(name, assignment === undefined ? { hash, bytes } : { hash, bytes, assignment }));
  }
  return { content, assignments: assignmentsOf(content) };
}

function idOf(parts: readonly Identified[]): string {
  return parts.map(({ id }) => id).join(' ');
}

function united(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return (sets.length === 1 && sets[0]) || new Set(sets.flatMap((set) => [...set]));
}

/** Values by key, as long as somebody asks: what nobody asked for between two calls of {@link age} is forgotten. */
class Lasting<V> {
  #now = new Map<string, V>();
  #before: ReadonlyMap<string, V> = new Map();

  get(key: string, make: () => V): V {
    const value = this.#now.get(key) ?? this.#before.get(key) ?? make();
    this.#now.set(key, value);
    return value;
  }

  age(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }
}
