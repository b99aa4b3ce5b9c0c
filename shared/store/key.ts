import { ControlPlaneError } from '../lib/error.ts';

/** Segments of letters, digits and `._~=-`, joined by slashes; none begins with a dot. Fit for paths, URLs and S3. */
const keyForm = /^[A-Za-z0-9_~=-][A-Za-z0-9._~=-]*(?:\/[A-Za-z0-9_~=-][A-Za-z0-9._~=-]*)*$/;

/** S3's own limit. */
const maxKeyLength = 1024;

/** Whether every store can have an object of this name. */
export function isKey(text: string): boolean {
  return keyForm.test(text) && text.length <= maxKeyLength;
}

/** @throws ControlPlaneError `invalid-setting` for what is no key: it could name a file outside of the store. */
export function checkKey(key: string): string {
  if (isKey(key)) return key;
  throw new ControlPlaneError(
    'invalid-setting',
    `${JSON.stringify(key)} is no key of the store: use letters, digits and ._~=- between slashes`,
  );
}
