import { defaultCluster, defaultDomain, type World } from '../../shared/compile/world.ts';
import { decodeMeshConfig } from '../../shared/config/mesh/mesh-config.ts';
import { decodeMeshNetworks } from '../../shared/config/mesh/mesh-networks.ts';
import { parseKubeYaml } from '../../shared/kube/yaml.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../shared/lib/json.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import { fail, ok, type Result } from '../../shared/lib/result.ts';
import { decodeFeatures, defaultFeatures } from '../../shared/model/index.ts';
import { type FileObject, type MeshFiles, meshObjects, readMeshFiles } from '../../shared/sources/files/read.ts';
import type { RawObject } from '../../shared/sources/kubernetes/objects.ts';

/** Kinds that belong to no namespace. */
const clusterKinds: ReadonlySet<string> = new Set(['Namespace', 'Node', 'GatewayClass', 'IngressClass', 'ClusterTrustBundle']);

/** Texts of the files that a compile starts from. */
export interface InputTexts {
  readonly meshConfig?: string;
  readonly meshNetworks?: string;
  /** JSON: istiod environment name → text. */
  readonly features?: string;
}

/** The world of the objects in a file or a folder. An object without a namespace is in `default`, as kubectl has it. */
export async function readWorld(
  path: string,
  texts: InputTexts,
): Promise<{ readonly value: World; readonly problems: readonly Problem[] }> {
  const files = await readMeshFiles(path);
  const settings = readSettings(texts);
  return {
    value: worldOf(files, settings.value),
    problems: [...files.flatMap(({ problems }) => problems), ...settings.problems],
  };
}

/** The world of files that are read already. */
export function worldOf(files: MeshFiles, settings: WorldSettings): World {
  return { objects: meshObjects(files).map(rawObject), ...settings, cluster: defaultCluster, domain: defaultDomain };
}

function rawObject({ apiVersion, kind, namespace, name, content }: FileObject): RawObject {
  return { apiVersion, kind, name, namespace: namespace === '' && !clusterKinds.has(kind) ? 'default' : namespace, content };
}

/** What holds for the whole mesh. */
export type WorldSettings = Pick<World, 'config' | 'networks' | 'features'>;

/** Everything that is right in the texts, and what is wrong in them. */
export function readSettings({ meshConfig, meshNetworks, features }: InputTexts): {
  readonly value: WorldSettings;
  readonly problems: readonly Problem[];
} {
  const configDocument = parsed(meshConfig);
  const networksDocument = parsed(meshNetworks);
  const config = decodeMeshConfig(configDocument.ok ? configDocument.value : {});
  const networks = decodeMeshNetworks(networksDocument.ok ? networksDocument.value : {});
  const switches = features === undefined ? { value: defaultFeatures, problems: [] } : readFeatures(features);
  return {
    value: { config: config.value, networks: networks.value, features: switches.value },
    problems: [
      ...(configDocument.ok ? [] : [problem('MeshConfig', configDocument.error)]),
      ...(networksDocument.ok ? [] : [problem('MeshNetworks', networksDocument.error)]),
      ...config.problems,
      ...networks.problems,
      ...switches.problems,
    ],
  };
}

function parsed(text: string | undefined): Result<JsonValue> {
  return text === undefined ? ok(null) : parseKubeYaml(text);
}

function readFeatures(text: string): ReturnType<typeof decodeFeatures> {
  const document = parseKubeYaml(text);
  if (!document.ok || !isJsonObject(document.value)) {
    return { value: defaultFeatures, problems: [problem('features', 'is no object of names and texts')] };
  }
  return decodeFeatures(Object.fromEntries(Object.entries(document.value).map(([name, value]) => [name, String(value)])));
}

function problem(object: string, message: string): Problem {
  return { code: 'broken-settings', severity: 'error', object, path: '', message };
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
