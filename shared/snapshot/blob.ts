import { type ContentHash, contentHash } from '../lib/hash.ts';
import type { JsonValue } from '../lib/json.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { canonicalJson } from './canonical-json.ts';

/** Stored bytes under their own hash. */
export interface Blob {
  readonly id: ContentHash;
  readonly bytes: Uint8Array;
  /** Not to be stored as it is. */
  readonly isSecret?: true;
}

export function blob(bytes: Uint8Array): Blob {
  return { id: contentHash(bytes), bytes };
}

/** The same, marked. */
export function secretBlob({ id, bytes }: Blob): Blob {
  return { id, bytes, isSecret: true };
}

export function jsonBlob(value: unknown): Blob {
  return blob(Buffer.from(canonicalJson(value)));
}

/** Why some bytes are not what was stored under the id; nothing if they are. */
export function damage(bytes: Uint8Array, id: ContentHash): string | undefined {
  if (bytes.length === 0) return 'is empty';
  return contentHash(bytes) === id ? undefined : `has the wrong checksum, ${contentHash(bytes)} instead of ${id}`;
}

/** Without an id only for the mutable objects, which no hash names. */
export function readJson(bytes: Uint8Array, id?: ContentHash): Result<JsonValue> {
  const wrong = id === undefined && bytes.length > 0 ? undefined : damage(bytes, id ?? contentHash(bytes));
  if (wrong !== undefined) return fail(wrong);
  try {
    return ok(JSON.parse(Buffer.from(bytes).toString()) as JsonValue);
  } catch {
    return fail('is no JSON');
  }
}
