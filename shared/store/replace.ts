import { ControlPlaneError } from '../lib/error.ts';
import type { Store } from './store.ts';

const maxTries = 20;

/** Makes a head hold these bytes whatever it held before; others may be writing it. */
export async function replaceHead(store: Store, key: string, bytes: Uint8Array): Promise<void> {
  for (let tries = 0; tries < maxTries; tries++) {
    const seen = await store.read(key);
    const swapped = await store.compareAndSwap(key, seen.kind === 'found' ? seen.version : undefined, bytes);
    if (swapped.kind === 'swapped') return;
  }
  throw new ControlPlaneError('conflict', `${key} is being changed by others all the time; try again`, { retryable: true });
}
