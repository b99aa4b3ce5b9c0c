/** Encryption of stored objects that hold secrets: AES-256-GCM. */

import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

/** Length of the key. */
export const secretKeyBytes = 32;

const algorithm = 'aes-256-gcm';
/** What a sealed object begins with; no part of a snapshot begins so. */
const mark = Buffer.from('\0pilotless-sealed-1\n');
const nonceBytes = 12;
const tagBytes = 16;

/** Seals and opens objects with one key. */
export interface SecretBox {
  /** Equal bytes are sealed equally, so that a store is never filled with copies. */
  seal(bytes: Uint8Array): Uint8Array;
  /** Undefined for what another key has sealed, or somebody has changed. */
  open(sealed: Uint8Array): Uint8Array | undefined;
}

/** Whether a {@link SecretBox} has made the bytes. */
export function isSealed(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, mark.length)).equals(mark);
}

/** @param key 32 bytes that nobody else knows. */
export function secretBox(key: Uint8Array): SecretBox {
  const nonceKey = createHmac('sha256', key).update('nonce').digest();
  const cipherKey = createHmac('sha256', key).update('cipher').digest();
  return {
    seal(bytes) {
      // Made of the content, so two different contents practically never share one, which is what GCM asks for.
      const nonce = createHmac('sha256', nonceKey).update(bytes).digest().subarray(0, nonceBytes);
      const cipher = createCipheriv(algorithm, cipherKey, nonce).setAAD(mark);
      const hidden = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([mark, nonce, cipher.getAuthTag(), hidden]);
    },
    open(sealed) {
      if (!isSealed(sealed)) return undefined;
      const at = mark.length + nonceBytes;
      try {
        const decipher = createDecipheriv(algorithm, cipherKey, sealed.subarray(mark.length, at), { authTagLength: tagBytes });
        decipher.setAAD(mark).setAuthTag(sealed.subarray(at, at + tagBytes));
        return Buffer.concat([decipher.update(sealed.subarray(at + tagBytes)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}
