import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Recordings of the real programs. They lie beside the checkout of those who develop here, not in it. */
export const recordings: string = fileURLToPath(new URL('../../../shared/conformance', import.meta.url));

export function hasRecordings(folder: string): boolean {
  return existsSync(folder);
}

/** Said once where suites are left out. */
export const withoutRecordings = 'conformance recordings are not here (../shared/conformance): these suites are left out';
