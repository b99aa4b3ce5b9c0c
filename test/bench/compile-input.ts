import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWorld } from '../../cli/compile/inputs.ts';
import type { World } from '../../shared/compile/world.ts';
import { parseKubeYaml } from '../../shared/kube/yaml.ts';
import { isJsonArray, isJsonObject, type JsonObject, objectAt } from '../../shared/lib/json.ts';
import type { RawObject } from '../../shared/sources/kubernetes/objects.ts';
import { LeftOut } from './bench.ts';
import { root } from './inputs.ts';

const folder = fileURLToPath(new URL('../../../shared/bench', import.meta.url));

export const meshNames = ['demo', 'mesh-100', 'mesh-1000'] as const;
export type MeshName = (typeof meshNames)[number];

/** A mesh to be measured. */
export interface MeshInput {
  readonly world: World;
  /** xDS nodes; each of a class of its own until all classes are there. */
  readonly nodes: readonly JsonObject[];
  /** The world after one VirtualService changed; every round is another change. */
  readonly changed: (round: number) => World;
}

/** @throws LeftOut if the inputs are not there. */
export function needMesh(name: MeshName): void {
  const path = name === 'demo' ? join(root, 'cli/demo/mesh') : join(folder, name);
  if (!existsSync(path)) throw new LeftOut(`${path} is not there: the meshes of the compile and push figures lie beside the checkout`);
}

export async function readMesh(name: MeshName): Promise<MeshInput> {
  needMesh(name);
  return name === 'demo' ? readDemo() : readGenerated(name);
}

/** The demo has pods: each of its workloads is one node. */
async function readDemo(): Promise<MeshInput> {
  const { value: world } = await readWorld(join(root, 'cli/demo/mesh'), {});
  const nodes = world.objects.filter(({ kind }) => kind === 'Pod').map(nodeOfPod);
  return { world, nodes, changed: (round) => withHeader(world, `rev-${round}`) };
}

function nodeOfPod({ name, namespace, content }: RawObject): JsonObject {
  const ip = objectAt(content, 'status')['podIP'];
  return {
    id: `sidecar~${ip}~${name}.${namespace}~${namespace}.svc.cluster.local`,
    metadata: {
      NAME: name,
      NAMESPACE: namespace,
      CLUSTER_ID: 'Kubernetes',
      INSTANCE_IPS: ip,
      LABELS: objectAt(objectAt(content, 'metadata'), 'labels'),
    },
  };
}

/** The same change as that of the generated meshes: a request header of all HTTP routes has another value. */
function withHeader(world: World, value: string): World {
  const objects = world.objects.map((object): RawObject => {
    const http = objectAt(object.content, 'spec')['http'];
    if (object.kind !== 'VirtualService' || !isJsonArray(http)) return object;
    const routes = http.filter(isJsonObject).map((route) => ({ ...route, headers: { request: { set: { 'x-hot': value } } } }));
    return { ...object, content: { ...object.content, spec: { ...objectAt(object.content, 'spec'), http: routes } } };
  });
  return { ...world, objects };
}

async function readGenerated(name: Exclude<MeshName, 'demo'>): Promise<MeshInput> {
  const text = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  const { value: world } = await readWorld(join(folder, name), { meshConfig: await text('mesh.yaml') });
  const nodes = (await text(`${name.replace('mesh', 'nodes')}.jsonl`))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonObject);
  const template = await text('hot.template.yaml');
  return { world, nodes, changed: (round) => withHot(world, template.replaceAll('@@V@@', String(round))) };
}

/** The hot VirtualService is an object of the world already; its text takes the place of that. */
function withHot(world: World, text: string): World {
  const parsed = parseKubeYaml(text);
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error('hot.template.yaml is no object');
  const content = parsed.value;
  const objects = world.objects.map((object) =>
    object.kind === 'VirtualService' && object.name === 'hot' ? { ...object, content } : object,
  );
  if (objects.every((object, index) => object === world.objects[index])) throw new Error('the mesh has no VirtualService named hot');
  return { ...world, objects };
}
