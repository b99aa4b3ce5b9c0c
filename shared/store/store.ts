/** What an object store has to give: immutable objects, and a few mutable ones (heads) that change only by compare-and-swap. */

import type { SecretBox } from './secret-box.ts';

/** An object with the version that it had when it was read. Versions are opaque; two reads of the same bytes may differ in them. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly version: string;
}

export type ReadAnswer = { readonly kind: 'absent' } | { readonly kind: 'unchanged' } | ({ readonly kind: 'found' } & StoredObject);

export interface ReadOptions {
  /** Answer `unchanged` without bytes if the object still has this version. */
  readonly unlessVersion?: string;
  /** Give up, with a `timeout` error. */
  readonly signal?: AbortSignal;
}

/** Keeps telling when an object changes; may tell too often, never too seldom. */
export interface StoreWatch {
  close(): void;
}

/**
 * Any number of processes may use one store. All calls throw ControlPlaneError `unavailable` or `timeout` for trouble outside, and
 * `invalid-setting` for a key that is none.
 */
export interface Store {
  read(key: string, options?: ReadOptions): Promise<ReadAnswer>;
  /** Stores an immutable object. Whoever comes second learns that it is there; the bytes of the first stay. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<'stored' | 'present'>;
  /** Replaces a head if it still has the expected version (undefined: if there is none). Of several at once exactly one wins. */
  compareAndSwap(key: string, expected: string | undefined, bytes: Uint8Array): Promise<SwapAnswer>;
  /** Keys that begin with the prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
  watch(key: string, onChange: () => void): StoreWatch;
  /** What seals the objects that hold secrets; absent where the store has no key: then no secret may be put there. */
  secretBox?(): Promise<SecretBox>;
}

/** A store with a key to seal secrets with. */
export type SealingStore = Store & Required<Pick<Store, 'secretBox'>>;

export type SwapAnswer = { readonly kind: 'swapped'; readonly version: string } | { readonly kind: 'lost' };
