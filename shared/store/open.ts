import type { Setting } from '../lib/setting.ts';
import { isKey } from './key.ts';
import { laterSealingStore, laterStore } from './later.ts';
import type { S3Place } from './s3.ts';
import type { Store } from './store.ts';

const fileScheme = 'file:';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const s3Form = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<folder>[^/].*?)?\/?)?$/;

/** What a setting for a store looks like, for messages. */
export const storeForm = 'a store: file:FOLDER or s3://BUCKET/FOLDER';

/** `PILOTLESS_STORE`. */
export const storeSetting: Setting<Store | undefined> = {
  form: storeForm,
  example: 's3://mesh-snapshots/production',
  fallback: undefined,
  parse: openStore,
};

/**
 * The store that a setting names (`file:/var/lib/pilotless`, `s3://mesh-snapshots/production`); undefined if it names none. Opening one touches nothing
 * yet.
 */
export function openStore(place: string): Store | undefined {
  if (place.startsWith(fileScheme) && place.length > fileScheme.length) return files(place.slice(fileScheme.length));
  const { bucket, folder = '' } = s3Form.exec(place)?.groups ?? {};
  if (bucket === undefined) return undefined;
  if (folder === '') return s3({ bucket, prefix: '' });
  return isKey(folder) ? s3({ bucket, prefix: `${folder}/` }) : undefined;
}

function files(folder: string): Store {
  return laterSealingStore(async () => (await import('./file.ts')).fileStore(folder));
}

function s3(place: S3Place): Store {
  return laterStore(async () => (await import('./s3.ts')).s3Store(place));
}
