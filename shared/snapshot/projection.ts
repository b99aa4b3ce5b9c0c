/**
 * From an Envoy's node to its class, as data: the compiler says which fields matter in this mesh, and the gateway applies that without knowing what they
 * mean. An allow-list: what no field names splits no class. Compiler and gateway both call {@link classKeyOf}, so that they cannot disagree.
 */

import { isIP } from 'node:net';
import { type ContentHash, contentHash } from '../lib/hash.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { ownMember } from '../lib/own-member.ts';
import { canonicalJson } from './canonical-json.ts';
import { versionBucket } from './version-bucket.ts';

/** Names a class within one manifest. */
export type ClassKey = ContentHash;

export interface Projection {
  /** In the order in which their values form the key. */
  readonly fields: readonly ProjectionField[];
  /** In the order in which they are tried; what one finds is read below its name, beside the node. */
  readonly lookups: readonly Lookup[];
}

export interface ProjectionField {
  /** The first path that leads to a value counts. Paths begin with `node` or the name of a look-up. */
  readonly paths: readonly Path[];
  readonly normaliser: Normaliser;
}

export type Path = readonly string[];

export type Normaliser =
  | { readonly kind: 'asIs' }
  /** How many of the versions, ascending, are at most the value; a text that is no version counts as newer than all. */
  | { readonly kind: 'versionBucket'; readonly versions: readonly string[] }
  /** Of an object, only these keys: the labels that some selector names. */
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  /** Of a list, which of these names are in it; `at` is where an item has its name. Nothing listed at all is a value of its own. */
  | { readonly kind: 'listed'; readonly at: string; readonly names: readonly string[] }
  /** Whether there is a value at all. */
  | { readonly kind: 'present' }
  /** One part of a text: the first of `sidecar~10.0.0.1~web-1.default~…`. */
  | ({ readonly kind: 'part' } & TextPart)
  /** Of a list of addresses in one text, which IP families they are of: `v4`, `v6` or `dual`. */
  | { readonly kind: 'ipFamilies' };

/** A table that the registry knows better than the node: its pods, addresses or node names. */
export interface Lookup {
  /** `pod`, `address` or `nodeName`: the first step of paths into its rows. */
  readonly name: string;
  /** Where the node says which row is its own; the first that gives a text counts. */
  readonly keys: readonly KeyPart[];
  /** Key → index into {@link rows}; replicas share a row. */
  readonly index: Readonly<Record<string, number>>;
  readonly rows: readonly JsonObject[];
}

export interface KeyPart {
  readonly path: Path;
  /** Only one part of the text: the third of `sidecar~10.0.0.1~web-1.default~…`. */
  readonly part?: TextPart;
}

export interface TextPart {
  readonly separator: string;
  /** Counted from 0. */
  readonly index: number;
}

/** The key of the class of a node. `node` is the xDS node as protobuf JSON. */
export function classKeyOf(projection: Projection, node: JsonObject): ClassKey {
  return contentHash(canonicalJson(projectedValues(projection, node)));
}

/** One value a field; null where a field has none. For messages that say why two proxies differ. */
export function projectedValues({ fields, lookups }: Projection, node: JsonObject): readonly JsonValue[] {
  const found = lookups.map((lookup) => [lookup.name, rowOf(lookup, node)] as const);
  const document: JsonObject = Object.fromEntries([['node', node], ...found]);
  return fields.map(({ paths, normaliser }) =>
    normalise(
      normaliser,
      firstOf(paths, (path) => valueAt(document, path)),
    ),
  );
}

function rowOf({ keys, index, rows }: Lookup, node: JsonObject): JsonObject | undefined {
  const row = firstOf(keys, (key) => ownMember(index, keyText(key, node) ?? ''));
  return row === undefined ? undefined : rows[row];
}

function keyText({ path, part }: KeyPart, node: JsonObject): string | undefined {
  const value = valueAt({ node }, path);
  if (typeof value !== 'string') return undefined;
  return part === undefined ? value : value.split(part.separator)[part.index];
}

function valueAt(document: JsonObject, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const step of path) value = isJsonObject(value) ? ownMember(value, step) : undefined;
  return value;
}

function normalise(normaliser: Normaliser, value: JsonValue | undefined): JsonValue {
  switch (normaliser.kind) {
    case 'asIs':
      return value ?? null;
    case 'versionBucket':
      return versionBucket(normaliser.versions, value);
    case 'keys':
      return isJsonObject(value) ? Object.fromEntries(normaliser.keys.map((key) => [key, ownMember(value, key)])) : {};
    case 'listed':
      return listed(value, normaliser.at, normaliser.names);
    case 'present':
      return value !== undefined && value !== null;
    case 'part':
      return typeof value === 'string' ? (value.split(normaliser.separator)[normaliser.index] ?? null) : null;
    case 'ipFamilies':
      return typeof value === 'string' ? ipFamilies(value) : null;
  }
}

/** What is no address does not count, so that a longer text with an address in it will do. */
function ipFamilies(text: string): JsonValue {
  const families = new Set(text.split(betweenAddresses).map(isIP));
  if (families.has(ipv4)) return families.has(ipv6) ? 'dual' : 'v4';
  return families.has(ipv6) ? 'v6' : null;
}

const betweenAddresses = /[,~\s]+/;
const ipv4 = 4;
const ipv6 = 6;

function listed(value: JsonValue | undefined, at: string, names: readonly string[]): JsonValue {
  if (!isJsonArray(value) || value.length === 0) return null;
  const present = new Set(value.map((item) => (isJsonObject(item) ? item[at] : item)));
  return names.filter((name) => present.has(name));
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
