import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InjectorConfig, injectManifest } from '../../../shared/inject/index.ts';
import { getAt, podPlace } from '../../../shared/kube/workload.ts';
import { parseKubeYamlDocuments } from '../../../shared/kube/yaml.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../shared/lib/json.ts';
import { podDifference } from './webhook.ts';

/** The command line's way: a manifest in, the same manifest with sidecars out. Only the pods are compared; printing the rest is Go's. */
export function compareManifest(folder: string, config: InjectorConfig): string | undefined {
  const read = (file: string): readonly JsonValue[] =>
    parseKubeYamlDocuments(readFileSync(join(folder, file), 'utf8')).value.map((document) => document.value);
  const outcomes = read('input.yaml').map((object) => injectManifest(object, config));
  const errors = outcomes.flatMap(({ workloads }) => workloads.flatMap(({ error }) => error ?? []));
  if (errors.length > 0) return errors.join('\n');
  return podDifference(pods(read('golden.yaml')), pods(outcomes.map(({ object }) => object)));
}

function pods(objects: readonly JsonValue[]): readonly unknown[] {
  return objects.flatMap((object) => {
    if (!isJsonObject(object)) return [];
    if (Array.isArray(object['items'])) return pods(object['items']);
    const place = podPlace(object);
    return place ? [comparable(getAt(object, place.metadata), getAt(object, place.spec))] : [];
  });
}

const generated: ReadonlySet<string> = new Set(['name', 'generateName', 'namespace', 'ownerReferences', 'creationTimestamp']);

function comparable(metadata: JsonValue | undefined, spec: JsonValue | undefined): unknown {
  const members = Object.entries(isJsonObject(metadata) ? metadata : {}).filter(([key]) => !generated.has(key));
  const kept = members.map(([key, value]) => [key, isJsonObject(value) ? withoutMarks(value) : value] as const);
  const filled = kept.filter(([, value]) => !isJsonObject(value) || Object.keys(value).length > 0);
  return { metadata: Object.fromEntries(filled), spec: withoutFieldVersions(spec ?? null) };
}

function withoutMarks(members: JsonObject): JsonObject {
  const { 'sidecar.istio.io/status': _status, ...rest } = members;
  return rest['pod-template-hash'] === 'fake' ? withoutHash(rest) : rest;
}

function withoutHash({ 'pod-template-hash': _hash, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** Kubernetes defaults `fieldRef.apiVersion`; the golden files were printed after that. */
function withoutFieldVersions(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutFieldVersions);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([key, member]): [string, JsonValue][] =>
    member == null ? [] : [[key, withoutFieldVersions(member)]],
  );
  return Object.fromEntries(members.filter(([key]) => key !== 'apiVersion' || value['fieldPath'] === undefined));
}
