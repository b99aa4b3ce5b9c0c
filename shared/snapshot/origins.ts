import type { ContentHash } from '../lib/hash.ts';

/** The object of a user or of the registry that a resource was made from, in the version that was read. */
export interface Origin {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Absent for files. */
  readonly uid?: string;
  /** Of the object as it was read: with {@link uid} what a quarantine is for. */
  readonly contentHash?: ContentHash;
}

/** Which objects made which resource, by the resource's hash. A resource that nobody wrote (a catch-all cluster) has none. */
export type Origins = ReadonlyMap<ContentHash, readonly Origin[]>;

/** `VirtualService default/reviews`. */
export function originText({ kind, namespace, name }: Origin): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
