import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type NamedNode, readProxies, readWorld } from '../../../cli/compile/inputs.ts';
import type { World } from '../../../shared/compile/world.ts';

/** What a recording was made from: objects and settings of a mesh, and proxies in it. */
export interface Scenario {
  readonly world: World;
  readonly proxies: readonly NamedNode[];
}

/** Names of all scenarios in a folder of recordings. */
export function scenarioNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory() && existsSync(join(folder, name, 'proxies.yaml')))
    .sort();
}

export async function readScenario(folder: string): Promise<Scenario> {
  const [meshConfig, meshNetworks, features] = ['mesh.yaml', 'meshnetworks.yaml', 'features.json'].map((name) => textOf(folder, name));
  const { value: world } = await readWorld(join(folder, 'input.yaml'), {
    ...(meshConfig !== undefined && { meshConfig }),
    ...(meshNetworks !== undefined && { meshNetworks }),
    ...(features !== undefined && { features }),
  });
  const proxies = readProxies(textOf(folder, 'proxies.yaml') ?? '');
  if (!proxies.ok) throw new Error(`${folder}/proxies.yaml ${proxies.error}`);
  return { world, proxies: proxies.value };
}

function textOf(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
