import { fileStore } from './file.ts';
import type { Store } from './store.ts';

const fileScheme = 'file:';

/** What a setting for a store looks like, for messages. */
export const storeForm = 'a store: file:FOLDER';

/** The store that a setting names (`file:/var/lib/pilotless`); undefined if it names none. Opening one touches nothing yet. */
export function openStore(place: string): Store | undefined {
  if (!place.startsWith(fileScheme) || place.length === fileScheme.length) return undefined;
  return fileStore(place.slice(fileScheme.length));
}
