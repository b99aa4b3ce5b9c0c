import { hash } from 'node:crypto';

/** SHA-256 of some bytes, 64 hex digits: the identity of what is stored or sent. */
export type ContentHash = string & { readonly brand: 'ContentHash' };

const hexDigest = /^[0-9a-f]{64}$/;

/** A text is hashed as UTF-8. */
export function contentHash(content: Uint8Array | string): ContentHash {
  return hash('sha256', content) as ContentHash;
}

/** Whether a value from outside has the form of a hash. */
export function isContentHash(value: unknown): value is ContentHash {
  return typeof value === 'string' && hexDigest.test(value);
}
