/** Snapshots in a store: immutable parts under their hashes, and the head that says which one is served. */

import type { ContentHash } from '../lib/hash.ts';
import { ok, type Result } from '../lib/result.ts';
import type { Blob } from '../snapshot/blob.ts';
import { canonicalJson } from '../snapshot/canonical-json.ts';
import type { EncodedSnapshot } from '../snapshot/codec.ts';
import type { FetchBlob } from '../snapshot/load.ts';
import { type Head, readHead, schemaVersion } from '../snapshot/manifest.ts';
import { isSealed } from './secret-box.ts';
import type { Store } from './store.ts';

/** Key of the head of the configuration. */
export const configHeadKey = 'head/config';

export function blobKey(id: ContentHash): string {
  return `blob/${id}`;
}

/** A head with the version that a swap has to expect. */
export interface SeenHead {
  readonly head: Head;
  readonly version: string;
}

/** Undefined if nothing was ever published; an error if the head cannot be read. */
export async function seeHead(store: Store): Promise<Result<SeenHead | undefined>> {
  const answer = await store.read(configHeadKey);
  if (answer.kind !== 'found') return ok(undefined);
  const head = readHead(answer.bytes);
  return head.ok ? ok({ head: head.value, version: answer.version }) : head;
}

export type Published = 'published' | 'unchanged' | 'lost';

/**
 * Stores a snapshot and makes it the stable one, if the head is still the one that was seen before the compile began. Whoever lost takes the winner's world and
 * compiles again. The parts are stored before the head names them, so that no reader finds a snapshot with holes.
 */
export async function publishSnapshot(
  store: Store,
  { manifest, blobs }: Pick<EncodedSnapshot, 'manifest' | 'blobs'>,
  seen: SeenHead | undefined,
): Promise<Published> {
  if (seen?.head.stable === manifest) return 'unchanged';
  await Promise.all(blobs.map(async (blob) => store.putIfAbsent(blobKey(blob.id), await storedBytes(store, blob))));
  const head: Head = { schema: schemaVersion, stable: manifest };
  const answer = await store.compareAndSwap(configHeadKey, seen?.version, Buffer.from(canonicalJson(head)));
  return answer.kind === 'swapped' ? 'published' : 'lost';
}

/** Parts that were sealed, for whoever writes them somewhere else. */
const opened = new WeakSet<Uint8Array>();

/** The part as it may lie on a disk: sealed if it was sealed where it was read. */
export async function storablePart(store: Store, id: ContentHash, bytes: Uint8Array): Promise<Uint8Array> {
  return storedBytes(store, opened.has(bytes) ? { id, bytes, isSecret: true } : { id, bytes });
}

/** Parts that hold secrets are sealed, under the hash of what they hold. */
async function storedBytes({ secretBox }: Store, { bytes, isSecret }: Blob): Promise<Uint8Array> {
  if (isSecret !== true) return bytes;
  if (secretBox === undefined) throw new Error('bug: a snapshot with secrets is published to a store without a key');
  return (await secretBox()).seal(bytes);
}

/** Parts of snapshots by hash, for loading. What another key has sealed comes as it is, and its hash tells. */
export function blobsOf(store: Store): FetchBlob {
  return async (id) => {
    const answer = await store.read(blobKey(id));
    if (answer.kind !== 'found') return undefined;
    if (!isSealed(answer.bytes) || store.secretBox === undefined) return answer.bytes;
    const bytes = (await store.secretBox()).open(answer.bytes);
    if (bytes !== undefined) opened.add(bytes);
    return bytes ?? answer.bytes;
  };
}
