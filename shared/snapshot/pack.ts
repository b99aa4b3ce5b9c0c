import { type ContentHash, contentHash } from '../lib/hash.ts';
import { isJsonArray } from '../lib/json.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { type Blob, blob, damage, readJson } from './blob.ts';
import type { Bodies } from './snapshot.ts';

/** The messages that one compile adds to the store, in one object: a line with a JSON list of their lengths, then their bytes, by hash. */
export function packBlob(bodies: Bodies): Blob {
  const sorted = [...bodies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bytes]) => bytes);
  return blob(Buffer.concat([Buffer.from(`${JSON.stringify(sorted.map(({ length }) => length))}\n`), ...sorted]));
}

export function readPack(bytes: Uint8Array, id: ContentHash): Result<Bodies> {
  const wrong = damage(bytes, id);
  if (wrong !== undefined) return fail(`pack ${wrong}`);
  const lineEnd = bytes.indexOf(lineFeed);
  const lengths = readJson(bytes.subarray(0, Math.max(lineEnd, 0)));
  if (!lengths.ok || !isJsonArray(lengths.value)) return fail(`pack ${id} is no pack`);
  const bodies = new Map<ContentHash, Uint8Array>();
  let at = lineEnd + 1;
  for (const length of lengths.value) {
    const body = bytes.subarray(at, at + Number(length));
    bodies.set(contentHash(body), body);
    at += Number(length);
  }
  return at === bytes.length ? ok(bodies) : fail(`pack ${id} is no pack`);
}

const lineFeed = 0x0a;
