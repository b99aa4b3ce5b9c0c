import { createHash, randomUUID } from 'node:crypto';
import { watch } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { ControlPlaneError } from '../lib/error.ts';
import { checkKey } from './key.ts';
import { type SecretBox, secretBox } from './secret-box.ts';
import { secretKeyFile } from './secret-key.ts';
import type { ReadAnswer, ReadOptions, SealingStore, StoreWatch, SwapAnswer } from './store.ts';

/**
 * The embedded store: one file an object. A file appears whole (written aside, synced, then linked or renamed), so a crash leaves the old object or
 * the new one. A head's version is the hash of its bytes.
 */
export function fileStore(folder: string): SealingStore {
  let box: Promise<SecretBox> | undefined;
  const pathOf = (key: string): string => join(folder, ...checkKey(key).split('/'));
  return {
    read: (key, options) => outside(key, () => read(pathOf(key), options)),
    putIfAbsent: (key, bytes) => outside(key, () => putIfAbsent(pathOf(key), bytes)),
    compareAndSwap: (key, expected, bytes) => outside(key, () => withLock(pathOf(key), () => swap(pathOf(key), expected, bytes))),
    list: (prefix) => outside(prefix, () => list(folder, prefix)),
    watch: (key, onChange) => watchFile(pathOf(key), onChange),
    secretBox: () => {
      box ??= outside(keyFile, async () => secretBox(await secretKeyFile(join(folder, keyFile))));
      return box;
    },
  };
}

/** Names of files that are no objects begin with a dot, which no key has. */
const aside = '.tmp-';
const keyFile = '.secret-key';
const lockSuffix = '.lock';

async function outside<T>(key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (caught) {
    if (caught instanceof ControlPlaneError) throw caught;
    const { message } = ControlPlaneError.from(caught);
    throw new ControlPlaneError('unavailable', `${key} in the file store: ${message}`, { cause: caught, retryable: true });
  }
}

async function read(path: string, { unlessVersion, signal }: ReadOptions = {}): Promise<ReadAnswer> {
  try {
    const bytes = await readFile(path, signal ? { signal } : {});
    const version = versionOf(bytes);
    return version === unlessVersion ? { kind: 'unchanged' } : { kind: 'found', bytes, version };
  } catch (caught) {
    if (isCode(caught, 'ENOENT')) return { kind: 'absent' };
    if (signal?.aborted) throw new ControlPlaneError('timeout', 'the file store did not answer in time', { retryable: true });
    throw caught;
  }
}

async function putIfAbsent(path: string, bytes: Uint8Array): Promise<'stored' | 'present'> {
  const written = await writeAside(path, bytes);
  try {
    await link(written, path);
    await syncFolder(dirname(path));
    return 'stored';
  } catch (caught) {
    if (isCode(caught, 'EEXIST')) return 'present';
    throw caught;
  } finally {
    await unlink(written);
  }
}

async function swap(path: string, expected: string | undefined, bytes: Uint8Array): Promise<SwapAnswer> {
  const current = await read(path);
  const version = current.kind === 'found' ? current.version : undefined;
  if (version !== expected) return { kind: 'lost' };
  await rename(await writeAside(path, bytes), path);
  await syncFolder(dirname(path));
  return { kind: 'swapped', version: versionOf(bytes) };
}

async function writeAside(path: string, bytes: Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const written = join(dirname(path), `${aside}${randomUUID()}`);
  const file = await open(written, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return written;
}

/** Makes the new name itself survive a crash. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const lockWaitMs = 10;
/** A holder works for milliseconds; one that is this old is dead. */
const lockLifeMs = 10_000;

/** One process at a time between reading a head and replacing it. */
async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = join(dirname(path), `.${basename(path)}${lockSuffix}`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  while (!(await takeLock(lock))) await new Promise((resolve) => setTimeout(resolve, lockWaitMs));
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (caught) {
    if (!isCode(caught, 'EEXIST')) throw caught;
    const age = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > lockLifeMs) await rm(lock, { force: true });
    return false;
  }
}

async function list(folder: string, prefix: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((caught: unknown) => {
    if (isCode(caught, 'ENOENT')) return [];
    throw caught;
  });
  const keys = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return keys.filter((key) => key.startsWith(prefix)).sort();
}

const pollMs = 500;

/** The system's own notice where it comes, and a look twice a second where it does not. */
function watchFile(path: string, onChange: () => void): StoreWatch {
  let last: string | undefined;
  const look = async (): Promise<void> => {
    const now = await stat(path).then(
      ({ mtimeMs, ino, size }) => `${mtimeMs} ${ino} ${size}`,
      () => 'absent',
    );
    if (last !== undefined && last !== now) onChange();
    last = now;
  };
  void look();
  const poll = setInterval(() => void look(), pollMs);
  const notice = noticeOf(dirname(path), () => void look());
  return {
    close: () => {
      clearInterval(poll);
      notice?.close();
    },
  };
}

function noticeOf(folder: string, onNotice: () => void): StoreWatch | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onNotice);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function isCode(caught: unknown, code: string): boolean {
  return caught instanceof Error && 'code' in caught && caught.code === code;
}
