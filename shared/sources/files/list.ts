import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ControlPlaneError } from '../../lib/error.ts';

const manifestEndings: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);

/** A manifest file and what tells one of its states from another. */
export interface ManifestFile {
  readonly path: string;
  readonly mtimeMs: number;
  readonly size: number;
  readonly inode: number;
}

/**
 * The file itself, whatever its ending, or every `*.yaml`, `*.yml` and `*.json` below the folder, sorted by path. Hidden files and folders and
 * `node_modules` are left out; links are followed.
 * @throws ControlPlaneError `not-found` or `unreadable` for the path itself; what vanishes or cannot be read below it is left out.
 */
export async function listManifestFiles(path: string): Promise<readonly ManifestFile[]> {
  const info = await statOf(path);
  return info.isDirectory() ? (await filesBelow(path)).sort((a, b) => (a.path < b.path ? -1 : 1)) : [manifestFile(path, info)];
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (caught) {
    const isMissing = caught instanceof Error && 'code' in caught && (caught.code === 'ENOENT' || caught.code === 'ENOTDIR');
    if (isMissing) throw new ControlPlaneError('not-found', `${path} does not exist`, { cause: caught });
    throw new ControlPlaneError('unreadable', `${path} cannot be read: ${ControlPlaneError.from(caught).message}`, { cause: caught });
  }
}

async function filesBelow(directory: string): Promise<ManifestFile[]> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  const found = await Promise.all(names.map((name) => entryFiles(join(directory, name))));
  return found.flat();
}

async function entryFiles(path: string): Promise<readonly ManifestFile[]> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return [];
  if (info.isDirectory()) return filesBelow(path).catch(() => []);
  return info.isFile() && manifestEndings.has(extname(path).toLowerCase()) ? [manifestFile(path, info)] : [];
}

function manifestFile(path: string, { mtimeMs, size, ino }: Stats): ManifestFile {
  return { path, mtimeMs, size, inode: ino };
}
