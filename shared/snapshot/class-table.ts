/**
 * The stored form of classes and chunks. Each resource is listed once, with the pack that holds it; chunks name resources and classes name chunks by their
 * place in the list, because hashes would be most of the object.
 */

import type { ContentHash } from '../lib/hash.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../lib/json.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { readJson } from './blob.ts';
import { type Chunk, chunk, type WorkloadClass } from './chunk.ts';
import type { ClassKey } from './projection.ts';
import { compareRefs, type ResourceRef } from './resource.ts';

/** Where each resource lies: resource → pack. */
export type PackPlaces = ReadonlyMap<ContentHash, ContentHash>;

export interface ClassTable {
  readonly classes: ReadonlyMap<ClassKey, WorkloadClass>;
  readonly places: PackPlaces;
}

/** `[type, name, hash, pack, assignment?]`; type and pack are places in their lists. */
type StoredRef = readonly [number, string, ContentHash, number, string?];

interface StoredTable {
  readonly types: readonly string[];
  readonly packs: readonly ContentHash[];
  readonly resources: readonly StoredRef[];
  readonly chunks: readonly (readonly number[])[];
  readonly classes: Readonly<Record<string, { readonly chunks: readonly number[]; readonly isFilteredByName?: true }>>;
}

/** The value to be stored; equal tables give equal values, in whatever order their maps were filled. */
export function storedTable({ classes, places }: ClassTable): unknown {
  const chunks = [...new Map([...classes.values()].flatMap(({ chunks }) => chunks.map((item) => [item.id, item] as const))).values()].sort(
    byId,
  );
  const refs = [...new Map(chunks.flatMap((item) => item.refs.map((ref) => [keyOf(ref), ref] as const))).values()].sort(
    (a, b) => compareRefs(a, b) || (a.hash < b.hash ? -1 : 1),
  );
  const types = [...new Set(refs.map(({ typeUrl }) => typeUrl))];
  const packs = [...new Set(refs.map(({ hash }) => placeOf(places, hash)))].sort();
  const [typeAt, packAt, refAt, chunkAt] = [
    placesIn(types),
    placesIn(packs),
    placesIn(refs.map(keyOf)),
    placesIn(chunks.map(({ id }) => id)),
  ];
  const table: StoredTable = {
    types,
    packs,
    resources: refs.map(({ typeUrl, name, hash, assignment }): StoredRef => {
      const stored = [typeAt(typeUrl), name, hash, packAt(placeOf(places, hash))] as const;
      return assignment === undefined ? stored : [...stored, assignment];
    }),
    chunks: chunks.map((item) => item.refs.map((ref) => refAt(keyOf(ref)))),
    classes: Object.fromEntries(
      [...classes].map(([key, { chunks: own, ...flags }]) => [key, { ...flags, chunks: own.map(({ id }) => chunkAt(id)) }]),
    ),
  };
  return table;
}

/** Refuses what is damaged, and a table without classes, or with one that has nothing: no proxy is better off with that. */
export function readClassTable(bytes: Uint8Array, id: ContentHash): Result<ClassTable> {
  const json = readJson(bytes, id);
  if (!json.ok) return fail(`class table ${json.error}`);
  if (!isStoredTable(json.value)) return fail(`class table ${id} is no class table`);
  const { types, packs, resources, chunks, classes } = json.value;
  const refs = resources.map(([type, name, hash, , assignment]) => refOf(types[type] ?? '', name, hash, assignment));
  const read = chunks.map((places): Chunk => chunk(places.flatMap((place) => refs[place] ?? [])));
  const table = new Map(
    Object.entries(classes).map(([key, { chunks: own, ...flags }]): [ClassKey, WorkloadClass] => [
      key as ClassKey,
      { ...flags, chunks: own.flatMap((place) => read[place] ?? []) },
    ]),
  );
  if (table.size === 0) return fail('class table has no classes');
  if ([...table.values()].some((item) => item.chunks.every((part) => part.refs.length === 0)))
    return fail('class table has a class without resources');
  return ok({
    classes: table,
    places: new Map(resources.flatMap(([, , hash, pack]) => (packs[pack] === undefined ? [] : [[hash, packs[pack]]]))),
  });
}

function isStoredTable(value: JsonValue): value is JsonValue & StoredTable {
  return (
    isJsonObject(value) &&
    ['types', 'packs', 'resources', 'chunks'].every((name) => isJsonArray(value[name])) &&
    isJsonObject(value['classes'])
  );
}

function refOf(typeUrl: string, name: string, hash: ContentHash, assignment: string | undefined): ResourceRef {
  return assignment === undefined ? { typeUrl, name, hash } : { typeUrl, name, hash, assignment };
}

function keyOf({ typeUrl, name, hash, assignment }: ResourceRef): string {
  return `${typeUrl}\n${name}\n${hash}\n${assignment ?? ''}`;
}

function byId(a: Chunk, b: Chunk): number {
  return a.id < b.id ? -1 : 1;
}

function placesIn(items: readonly string[]): (item: string) => number {
  const places = new Map(items.map((item, index) => [item, index]));
  return (item) => places.get(item) ?? -1;
}

function placeOf(places: PackPlaces, hash: ContentHash): ContentHash {
  const place = places.get(hash);
  if (place === undefined) throw new Error(`bug: resource ${hash} is in no pack`);
  return place;
}
