import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { isLeftOut } from '../optional.ts';

/** The path of a program: from the project's cache, where .ci/run builds what packages do not have, or from PATH. */
export function findTool(name: string): string | undefined {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folders = [join(cache, 'pilotless', 'bin'), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Whether suites that need an API server are left out here, said for each program that is missing. */
export function isApiServerLeftOut(): boolean {
  return ['kubectl', 'etcd', 'apiextensions-apiserver'].map((name) => isLeftOut(name, findTool(name) !== undefined)).includes(true);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
