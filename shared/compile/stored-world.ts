/**
 * The world of a snapshot as it is stored, so that the next compiler, wherever it runs, can build on it: one object for each kind and namespace, because most
 * compiles change few of them, and a root that names them. Its hash stands in the manifest.
 */

import { compareText } from '../lib/compare-text.ts';
import { type ContentHash, isContentHash } from '../lib/hash.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { type Blob, blob, jsonBlob, readJson, secretBlob } from '../snapshot/blob.ts';
import { canonicalJson } from '../snapshot/canonical-json.ts';
import type { FetchBlob } from '../snapshot/load.ts';
import type { RawObject } from '../sources/kubernetes/objects.ts';
import { isSecret } from '../sources/kubernetes/secret.ts';
import { nameOf, type World } from './world.ts';

/** Objects as they were last without an error, by the name that problems have for them. */
export type GoodObjects = ReadonlyMap<string, RawObject>;

/** What a later compile takes over from a stored world. */
export interface StoredWorld {
  readonly objects: readonly RawObject[];
  readonly good: GoodObjects;
}

export interface EncodedWorld {
  readonly id: ContentHash;
  /** The root comes last. */
  readonly blobs: readonly Blob[];
}

/** Equal worlds give equal bytes, in whatever order their objects come. */
export function encodeWorld({ objects, ...settings }: World, good: GoodObjects): EncodedWorld {
  // Good content is stored only where it is not the content of now.
  const kept = objects.flatMap((object) => keptFor(object, good));
  const broken = objects.map(nameOf).filter((name) => !good.has(name));
  const parts = [...Map.groupBy(objects, ({ kind, namespace }) => `${namespace}/${kind}`).values()].map(part);
  const rest = jsonBlob({ settings, broken: broken.sort() });
  const keptPart = part(kept);
  const root = jsonBlob({ parts: parts.map(({ id }) => id).sort(), rest: rest.id, kept: keptPart.id });
  return { id: root.id, blobs: [...parts, keptPart, rest, root] };
}

/** Refuses a world of which any part is missing or damaged. */
export async function loadWorld(fetch: FetchBlob, id: ContentHash): Promise<Result<StoredWorld>> {
  const root = await readBlob(fetch, id);
  if (!root.ok) return root;
  const ids = isJsonObject(root.value) ? root.value['parts'] : undefined;
  const [rest, kept] = isJsonObject(root.value) ? [root.value['rest'], root.value['kept']] : [];
  if (!isJsonArray(ids) || !ids.every(isContentHash) || !isContentHash(rest) || !isContentHash(kept))
    return fail(`world ${id} has another form`);
  const [first, last, ...parts] = await Promise.all([rest, kept, ...ids].map((part) => readBlob(fetch, part)));
  const unread = [first, last, ...parts].find((part) => part?.ok === false);
  if (unread !== undefined && !unread.ok) return unread;
  const objects = parts.flatMap((read) => objectsOf(read));
  const broken = new Set(first?.ok && isJsonObject(first.value) && isJsonArray(first.value['broken']) ? first.value['broken'] : []);
  const good = new Map(objects.filter((object) => !broken.has(nameOf(object))).map((object) => [nameOf(object), object]));
  for (const object of objectsOf(last)) good.set(nameOf(object), object);
  return ok({ objects, good });
}

/** Canonical texts of contents that several worlds share. */
const texts = new WeakMap<JsonObject, string>();

function textOf({ namespace, content }: RawObject): string {
  const text = texts.get(content) ?? canonicalJson(content);
  texts.set(content, text);
  // A file may leave the namespace to its reader; all else stands in the content.
  return `[${JSON.stringify(namespace)},${text}]`;
}

/** One with a secret in it is a secret. */
function part(objects: readonly RawObject[]): Blob {
  const whole = blob(Buffer.from(`[${objects.map(textOf).sort(compareText).join(',\n')}]`));
  return objects.some(isSecret) ? secretBlob(whole) : whole;
}

function keptFor(object: RawObject, good: GoodObjects): readonly RawObject[] {
  const kept = good.get(nameOf(object));
  return kept === undefined || textOf(kept) === textOf(object) ? [] : [kept];
}

async function readBlob(fetch: FetchBlob, id: ContentHash): Promise<Result<JsonValue>> {
  const bytes = await fetch(id);
  if (bytes === undefined) return fail(`part ${id} of the world is not in the store`);
  const read = readJson(bytes, id);
  return read.ok ? read : fail(`part ${id} of the world ${read.error}`);
}

function objectsOf(read: Result<JsonValue> | undefined): readonly RawObject[] {
  return read?.ok && isJsonArray(read.value) ? read.value.flatMap(rawObject) : [];
}

function rawObject(value: JsonValue): readonly RawObject[] {
  const [namespace, content] = isJsonArray(value) ? value : [];
  if (typeof namespace !== 'string' || !isJsonObject(content)) return [];
  const { apiVersion, kind, metadata } = content;
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return [];
  return [{ apiVersion, kind, namespace, name, content }];
}
