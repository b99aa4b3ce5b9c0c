import { defaultCluster, defaultDomain, nameOf, type World } from '../../shared/compile/world.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import { rawObject } from '../../shared/sources/files/raw-object.ts';
import { decodeMeshFile, type MeshFile, meshObjects } from '../../shared/sources/files/read.ts';
import type { RawObject } from '../../shared/sources/kubernetes/objects.ts';
import { readSettings, settingTextsOf } from '../../shared/sources/settings.ts';
import type { Store } from '../../shared/store/store.ts';
import type { ReadWorld, WorldSource } from './publisher.ts';

export interface StoredMeshOptions {
  /** Its files are the mesh. */
  readonly source: Store;
  /** Revision whose mesh settings hold. */
  readonly revision: string;
  /** Whether the store of snapshots has a key to seal secrets with; without one they are left out. */
  readonly takesSecrets: boolean;
}

const manifest = /\.(?:ya?ml|json)$/;

/**
 * The world of Kubernetes YAML in a store: all files that are there, with the settings of Istio's own ConfigMap among them. Every call lists and reads what
 * changed. While a file is broken, what the served world had and no file has any more stays: it may stand in that file.
 */
export function storedMesh({ source, revision, takesSecrets }: StoredMeshOptions): WorldSource {
  let known: ReadonlyMap<string, ReadFile> = new Map();
  return async (last) => {
    const keys = (await source.list('')).filter((key) => manifest.test(key));
    const read = await Promise.all(keys.map((key) => readFile(source, key, known.get(key))));
    const files = read.filter((file) => file !== undefined);
    if (files.length === 0) {
      throw new ControlPlaneError(
        'not-found',
        'the source holds no Kubernetes YAML; put it there (*.yaml, *.yml, *.json), or give another PILOTLESS_SOURCE',
      );
    }
    known = new Map(files.map((file) => [file.path, file]));
    const { value, problems } = worldOf(files, last, revision);
    return takesSecrets ? { value, problems } : withoutSecrets(value, problems);
  };
}

interface ReadFile extends MeshFile {
  readonly version: string;
}

/** Undefined if it was deleted meanwhile. */
async function readFile(store: Store, key: string, known: ReadFile | undefined): Promise<ReadFile | undefined> {
  try {
    const answer = await store.read(key, known === undefined ? {} : { unlessVersion: known.version });
    if (answer.kind === 'unchanged') return known;
    if (answer.kind === 'absent') return undefined;
    return { ...decodeMeshFile(key, Buffer.from(answer.bytes).toString()), version: answer.version };
  } catch (caught) {
    const { code, message } = ControlPlaneError.from(caught);
    if (code !== 'invalid-setting') throw caught;
    return {
      path: key,
      objects: [],
      problems: [{ code: 'broken-manifest', severity: 'error', object: key, path: '', message }],
      version: '',
    };
  }
}

function worldOf(files: readonly MeshFile[], last: readonly RawObject[], revision: string): ReadWorld {
  const found = meshObjects(files).map(rawObject);
  const problems = files.flatMap((file) => file.problems);
  const objects = problems.some(({ severity }) => severity === 'error') ? withLost(found, last) : found;
  const settings = readSettings(settingTextsOf(objects, revision));
  return {
    value: { objects, ...settings.value, cluster: defaultCluster, domain: defaultDomain },
    problems: [...problems, ...settings.problems],
  };
}

function withLost(found: readonly RawObject[], last: readonly RawObject[]): readonly RawObject[] {
  const names = new Set(found.map(nameOf));
  return [...found, ...last.filter((object) => !names.has(nameOf(object)))];
}

function withoutSecrets(world: World, problems: readonly Problem[]): ReadWorld {
  const left = world.objects.filter(isSecret).map((object): Problem => {
    const message = 'is left out: this store has no key to seal secrets with; give gateways their certificates in another way';
    return { code: 'unsealed-secret', severity: 'warning', object: nameOf(object), path: '', message };
  });
  return { value: { ...world, objects: world.objects.filter((object) => !isSecret(object)) }, problems: [...problems, ...left] };
}

function isSecret({ apiVersion, kind }: RawObject): boolean {
  return apiVersion === 'v1' && kind === 'Secret';
}
