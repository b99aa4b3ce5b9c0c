import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';

/** Where a workload keeps the pods that it makes: paths of the metadata and of the spec. */
export interface PodPlace {
  readonly metadata: readonly string[];
  readonly spec: readonly string[];
}

const template: PodPlace = { metadata: ['spec', 'template', 'metadata'], spec: ['spec', 'template', 'spec'] };

const places: ReadonlyMap<string, PodPlace> = new Map([
  ['Pod', { metadata: ['metadata'], spec: ['spec'] }],
  ...['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'ReplicationController', 'Job', 'DeploymentConfig'].map(
    (kind): [string, PodPlace] => [kind, template],
  ),
  // Istio compatibility: labels and annotations are read and written on the job template, not on the pod template in it.
  ['CronJob', { metadata: ['spec', 'jobTemplate', 'metadata'], spec: ['spec', 'jobTemplate', 'spec', 'template', 'spec'] }],
]);

/** The place of pods in an object of this kind; undefined for kinds that make none. */
export function podPlace(object: JsonObject): PodPlace | undefined {
  const kind = object['kind'];
  return typeof kind === 'string' ? places.get(kind) : undefined;
}

export function getAt(object: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), object);
}

/** A copy with one value replaced; parents that are missing are made. */
export function setAt(object: JsonObject, path: readonly string[], value: JsonValue): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return isJsonObject(value) ? value : object;
  if (rest.length === 0) return { ...object, [key]: value };
  const inner = object[key];
  return { ...object, [key]: setAt(isJsonObject(inner) ? inner : {}, rest, value) };
}
