import { compareText } from '../lib/compare-text.ts';
import { type ContentHash, contentHash } from '../lib/hash.ts';

/** What names a version of a resource: everything but its bytes. */
export interface ResourceRef {
  /** `type.googleapis.com/envoy.config.cluster.v3.Cluster` and the like. */
  readonly typeUrl: string;
  readonly name: string;
  /** SHA-256 of the bytes; the version on the wire. */
  readonly hash: ContentHash;
  /** Only of a cluster that takes its endpoints from EDS: the name of the assignment that Envoy waits for when it warms the cluster. */
  readonly assignment?: string;
}

/** One named Envoy message, encoded once. */
export interface Resource extends ResourceRef {
  /** The message, not an `Any` around it. */
  readonly bytes: Uint8Array;
}

interface ResourceInput {
  readonly typeUrl: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly assignment?: string;
}

export function resource(input: ResourceInput): Resource {
  return { ...input, hash: contentHash(input.bytes) };
}

/** By type, then by name. */
export function compareRefs(left: ResourceRef, right: ResourceRef): number {
  return compareText(left.typeUrl, right.typeUrl) || compareText(left.name, right.name);
}
