import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ControlPlaneError } from '../lib/error.ts';
import { secretKeyBytes } from './secret-box.ts';

/** The key in a file, which only its owner may read; made when nobody has made it before. All processes of one store share it. */
export async function secretKeyFile(path: string): Promise<Uint8Array> {
  const key = (await readKey(path)) ?? (await makeKey(path)) ?? (await readKey(path));
  if (key?.length === secretKeyBytes) return key;
  const what = `has ${key?.length ?? 0} bytes instead of ${secretKeyBytes}`;
  throw new ControlPlaneError('unreadable', `the key ${path} ${what}; put the right one back, or delete it and publish anew`);
}

async function readKey(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (caught) {
    if (isCode(caught, 'ENOENT')) return undefined;
    throw caught;
  }
}

/** Undefined if somebody else is faster. The key is written in one piece, so that nobody reads half of it. */
async function makeKey(path: string): Promise<Uint8Array | undefined> {
  const key = randomBytes(secretKeyBytes);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(key);
    await file.sync();
    await file.close();
    return key;
  } catch (caught) {
    if (isCode(caught, 'EEXIST')) return undefined;
    throw caught;
  }
}

function isCode(caught: unknown, code: string): boolean {
  return caught instanceof Error && 'code' in caught && caught.code === code;
}
