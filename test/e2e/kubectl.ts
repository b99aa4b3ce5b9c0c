import { spawnSync } from 'node:child_process';

/** kubectl, where the machine has it: a consumer of JSON Patches that nobody here wrote. */
export function hasKubectl(): boolean {
  return spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
}

/** Applies a JSON Patch without a cluster; throws kubectl's own words if it refuses. */
export function kubectlPatch(object: unknown, patch: readonly unknown[]): unknown {
  const args = ['patch', '--local', '--type=json', '-f', '-', '-o', 'json', '-p', JSON.stringify(patch)];
  const result = spawnSync('kubectl', args, { input: JSON.stringify(object), encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}
