import { defaultCluster, defaultDomain, type World } from '../../shared/compile/world.ts';
import { parseKubeYaml } from '../../shared/kube/yaml.ts';
import { isJsonArray, isJsonObject, type JsonObject } from '../../shared/lib/json.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import { fail, ok, type Result } from '../../shared/lib/result.ts';
import { rawObject } from '../../shared/sources/files/raw-object.ts';
import { type MeshFiles, meshObjects, readMeshFiles } from '../../shared/sources/files/read.ts';
import { type MeshSettings, readSettings, type SettingTexts } from '../../shared/sources/settings.ts';

/** The world of the objects in a file or a folder. An object without a namespace is in `default`, as kubectl has it. */
export async function readWorld(
  path: string,
  texts: SettingTexts,
): Promise<{ readonly value: World; readonly problems: readonly Problem[] }> {
  const files = await readMeshFiles(path);
  const settings = readSettings(texts);
  return {
    value: worldOf(files, settings.value),
    problems: [...files.flatMap(({ problems }) => problems), ...settings.problems],
  };
}

/** The world of files that are read already. */
export function worldOf(files: MeshFiles, settings: MeshSettings): World {
  return { objects: meshObjects(files).map(rawObject), ...settings, cluster: defaultCluster, domain: defaultDomain };
}

/** A proxy by name, with the xDS node that it shows. */
export interface NamedNode {
  readonly name: string;
  readonly node: JsonObject;
}

/** `proxies: [{name, node}]` in YAML. */
export function readProxies(text: string): Result<readonly NamedNode[]> {
  const document = parseKubeYaml(text);
  if (!document.ok) return fail(document.error);
  const proxies = isJsonObject(document.value) ? document.value['proxies'] : undefined;
  if (!isJsonArray(proxies)) return fail('has no list named proxies');
  const named = proxies
    .filter(isJsonObject)
    .flatMap(({ name, node }) => (typeof name === 'string' && isJsonObject(node) ? [{ name, node }] : []));
  return named.length === proxies.length ? ok(named) : fail('has a proxy without a name or a node');
}
