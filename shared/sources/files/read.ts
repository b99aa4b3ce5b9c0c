import { readFile } from 'node:fs/promises';
import { parseKubeYamlDocuments } from '../../kube/yaml.ts';
import { ControlPlaneError } from '../../lib/error.ts';
import { isJsonArray, isJsonObject, type JsonObject, objectAt } from '../../lib/json.ts';
import type { Problem } from '../../lib/problem.ts';
import { listManifestFiles } from './list.ts';

/** A Kubernetes object as it stands in a file, not decoded. */
export interface FileObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for objects of the cluster, and where the file leaves it to the reader. */
  readonly namespace: string;
  readonly name: string;
  readonly content: JsonObject;
  readonly file: string;
  /** Of the first line of its document, counted from 1. */
  readonly line: number;
}

/** What one file holds. Objects that are right are there, whatever is wrong beside them. */
export interface MeshFile {
  readonly path: string;
  readonly objects: readonly FileObject[];
  readonly problems: readonly Problem[];
}

/** Every file of a mesh, sorted by path. */
export type MeshFiles = readonly MeshFile[];

/** Reads a file or a folder of Kubernetes YAML and JSON. @throws ControlPlaneError if the path itself is missing or cannot be read. */
export async function readMeshFiles(path: string): Promise<MeshFiles> {
  const files = await listManifestFiles(path);
  return Promise.all(files.map((file) => readMeshFile(file.path)));
}

/** The new state of all files, but a file that is broken now keeps the objects that it had. */
export function keepLastGood(last: MeshFiles, next: MeshFiles): MeshFiles {
  const before = new Map(last.map((file) => [file.path, file]));
  return next.map((file) => ({ ...file, objects: isBroken(file) ? (before.get(file.path)?.objects ?? file.objects) : file.objects }));
}

/** The objects of all files, in the order of the files. */
export function meshObjects(files: MeshFiles): readonly FileObject[] {
  return files.flatMap(({ objects }) => objects);
}

function isBroken({ problems }: MeshFile): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

async function readMeshFile(path: string): Promise<MeshFile> {
  try {
    return decodeMeshFile(path, await readFile(path, 'utf8'));
  } catch (caught) {
    const { message } = ControlPlaneError.from(caught);
    return { path, objects: [], problems: [fileProblem(path, `cannot be read: ${message}`)] };
  }
}

/** The objects of one file's text: several documents, and `List` objects taken apart. */
export function decodeMeshFile(path: string, text: string): MeshFile {
  const { value: documents, problems } = parseKubeYamlDocuments(text, path);
  const read = documents.flatMap(({ line, value }) => decodeDocument(value, { file: path, line }));
  const wrong = read.filter((item): item is Problem => !isFileObject(item));
  return { path, objects: read.filter(isFileObject), problems: [...problems, ...wrong] };
}

interface Place {
  readonly file: string;
  readonly line: number;
}

function decodeDocument(value: unknown, place: Place): readonly (FileObject | Problem)[] {
  if (!isJsonObject(value)) return [problemAt(place, '', 'is no Kubernetes object: an object has apiVersion, kind and metadata')];
  const { apiVersion, kind, items } = value;
  if (typeof apiVersion !== 'string' || apiVersion === '')
    return [problemAt(place, 'apiVersion', 'is missing: write for example apiVersion: v1')];
  if (typeof kind !== 'string' || kind === '') return [problemAt(place, 'kind', 'is missing: write for example kind: Service')];
  if (kind.endsWith('List') && isJsonArray(items)) return items.flatMap((item) => decodeDocument(item, place));
  const metadata = objectAt(value, 'metadata');
  const { name, namespace } = metadata;
  if (typeof name !== 'string' || name === '') return [problemAt(place, 'metadata.name', `is missing in this ${kind}`)];
  return [{ apiVersion, kind, name, namespace: typeof namespace === 'string' ? namespace : '', content: value, ...place }];
}

function isFileObject(item: FileObject | Problem): item is FileObject {
  return 'content' in item;
}

function problemAt({ file, line }: Place, path: string, message: string): Problem {
  return fileProblem(`${file}:${line}`, message, path);
}

function fileProblem(object: string, message: string, path = ''): Problem {
  return { code: 'broken-manifest', severity: 'error', object, path, message };
}
