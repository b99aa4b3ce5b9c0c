import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findTool } from './apiserver/tools.ts';

const run = promisify(execFile);
const pauseMs = 200;
/** An installer that is older than this is dead. */
const staleLockMs = 300_000;

/** Python packages that bring a program of somebody else. */
export interface PythonPackages {
  /** Name of the virtual environment in the project's cache. */
  readonly venv: string;
  /** As pip takes them, with exact versions. */
  readonly packages: readonly string[];
}

export function hasPython(): boolean {
  return findTool('python3') !== undefined;
}

/** The project's cache of programs that the tests run. */
export function toolCache(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pilotless');
}

/** Folder of a virtual environment with the packages in it. Installed at the first call, by one process at a time. */
export async function pythonVenv({ venv: name, packages }: PythonPackages): Promise<string> {
  const venv = join(toolCache(), name);
  // Written last: what it says is there.
  const mark = join(venv, 'installed');
  const wanted = packages.join('\n');
  return onceInCache({
    lock: `${venv}.lock`,
    isDone: async () => (await readFile(mark, 'utf8').catch(() => '')) === wanted,
    make: async () => {
      await run('python3', ['-m', 'venv', venv]);
      await run(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
      await writeFile(mark, wanted);
    },
  }).then(() => venv);
}

interface CachedWork {
  /** Path of a folder that is there while somebody works. */
  readonly lock: string;
  readonly isDone: () => Promise<boolean>;
  readonly make: () => Promise<void>;
}

/** Makes something in the cache unless it is there, one process at a time. */
export async function onceInCache({ lock, isDone, make }: CachedWork): Promise<void> {
  if (await isDone()) return;
  await mkdir(toolCache(), { recursive: true });
  await locked(lock, async () => {
    if (!(await isDone())) await make();
  });
}

/** A folder is a lock: making it succeeds once. */
async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const isMine = await mkdir(path).then(
      () => true,
      () => false,
    );
    if (isMine) break;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > staleLockMs) await rm(path, { recursive: true, force: true });
    await wait(pauseMs);
  }
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
