import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { readKubeYamlDocuments } from '../../shared/kube/yaml.ts';
import { fieldLines } from '../../shared/kube/yaml-line.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { FieldPath } from '../../shared/lib/field-path.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../shared/lib/json.ts';
import { listManifestFiles } from '../../shared/sources/files/list.ts';

/** Something wrong, where the user wrote it. Printed as it is by `-o json`. */
export interface PlacedProblem {
  readonly file: string;
  readonly line: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  /** `Kind namespace/name`; empty for what is no object. */
  readonly object: string;
  readonly path: string;
  readonly message: string;
}

/** An object as it stands in a file. */
export interface FoundObject {
  readonly content: JsonObject;
  readonly file: string;
  /** The line of one of its fields. */
  readonly lineOf: (path: FieldPath) => number;
}

export interface Documents {
  readonly objects: readonly FoundObject[];
  readonly problems: readonly PlacedProblem[];
}

/** Everything in a file, in the manifests of a folder, or on standard input (`-`). @throws ControlPlaneError for what cannot be read. */
export async function readDocuments(path: string): Promise<Documents> {
  if (path === '-') return documentsOf('standard input', await text(process.stdin));
  const files = await listManifestFiles(path);
  const read = await Promise.all(files.map(async (file) => documentsOf(file.path, await readManifest(file.path))));
  return { objects: read.flatMap(({ objects }) => objects), problems: read.flatMap(({ problems }) => problems) };
}

async function readManifest(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (caught) {
    throw new ControlPlaneError('unreadable', `${path} cannot be read: ${ControlPlaneError.from(caught).message}`, { cause: caught });
  }
}

/** The objects of a text of YAML documents or JSON; lists are taken apart. */
export function documentsOf(file: string, source: string): Documents {
  const objects: FoundObject[] = [];
  const problems: PlacedProblem[] = [];
  for (const { line, text: written, parsed } of readKubeYamlDocuments(source)) {
    if (!parsed.ok) {
      problems.push(broken({ file, line, code: 'yaml-invalid', message: `the document that begins here: ${parsed.error}` }));
      continue;
    }
    const lines = fieldLines(written);
    for (const { value, prefix } of listItems(parsed.value, [])) {
      const lineOf = (path: FieldPath): number => line - 1 + lines([...prefix, ...path]);
      if (isJsonObject(value)) objects.push({ content: value, file, lineOf });
      else problems.push(broken({ file, line: lineOf([]), code: 'broken-manifest', message: noObject }));
    }
  }
  return { objects, problems };
}

const noObject = 'is no Kubernetes object: an object has apiVersion, kind and metadata';

function broken(problem: Pick<PlacedProblem, 'file' | 'line' | 'code' | 'message'>): PlacedProblem {
  return { ...problem, severity: 'error', object: '', path: '' };
}

interface ListItem {
  readonly value: JsonValue;
  readonly prefix: FieldPath;
}

function listItems(value: JsonValue, prefix: FieldPath): readonly ListItem[] {
  const { kind, items } = isJsonObject(value) ? value : {};
  if (typeof kind !== 'string' || !kind.endsWith('List') || !isJsonArray(items)) return [{ value, prefix }];
  return items.flatMap((item, index) => listItems(item, [...prefix, 'items', index]));
}
