import { type ContentHash, isContentHash } from '../lib/hash.ts';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { readJson } from './blob.ts';

/** The form of everything that is stored. A reader takes this version and the one before it. */
export const schemaVersion = 1;

/** A snapshot as a short list of hashes; a reader loads only the parts that it needs. */
export interface Manifest {
  readonly schema: number;
  /** Classes, chunks and where the resources lie. */
  readonly classes: ContentHash;
  /** Node fields that matter, and the pod index. */
  readonly projection: ContentHash;
  readonly origins: ContentHash;
  readonly problems: ContentHash;
  readonly world: ContentHash;
}

const parts = ['classes', 'projection', 'origins', 'problems', 'world'] as const;

/** Refuses what is empty, damaged, of another schema or no manifest: the last good one is better than any of these. */
export function readManifest(bytes: Uint8Array, id: ContentHash): Result<Manifest> {
  const json = readJson(bytes, id);
  if (!json.ok) return fail(`manifest ${json.error}`);
  const { value } = json;
  if (!isJsonObject(value)) return fail('manifest is not an object');
  const foreign = foreignSchema(value);
  if (foreign !== undefined) return fail(`manifest ${foreign}`);
  const missing = parts.find((part) => !isContentHash(value[part]));
  return missing === undefined ? ok(value as unknown as Manifest) : fail(`manifest names no ${missing}`);
}

/** The only mutable object of the store's configuration side: which manifest is served. */
export interface Head {
  readonly schema: number;
  readonly stable: ContentHash;
  /** Being tried on a few proxies. */
  readonly candidate?: ContentHash;
}

export function readHead(bytes: Uint8Array): Result<Head> {
  const json = readJson(bytes);
  if (!json.ok) return fail(`head ${json.error}`);
  if (!isJsonObject(json.value) || !isContentHash(json.value['stable'])) return fail('head names no stable manifest');
  const foreign = foreignSchema(json.value);
  return foreign === undefined ? ok(json.value as unknown as Head) : fail(`head ${foreign}`);
}

/** Why the schema of an object cannot be read; nothing if it can. */
function foreignSchema({ schema }: JsonObject): string | undefined {
  if (schema === schemaVersion || schema === schemaVersion - 1) return undefined;
  return `has schema version ${String(schema)}; this version reads ${schemaVersion - 1} and ${schemaVersion}`;
}
