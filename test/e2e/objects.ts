import type { JsonObject } from '../../shared/lib/json.ts';
import type { ApiServer, KubectlResult } from './apiserver/api-server.ts';

/** A pod with the namespace that it is meant for. */
export interface PlacedPod {
  readonly namespace: string;
  readonly pod: { readonly metadata: { readonly name: string }; readonly [field: string]: unknown };
}

/** The manifest of a pod. */
export function podObject({ namespace, pod }: PlacedPod): JsonObject {
  const object = { apiVersion: 'v1', kind: 'Pod', ...pod, metadata: { ...pod.metadata, namespace } };
  return structuredClone(object) as unknown as JsonObject;
}

export function namespaceObject(name: string, labels: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** `kubectl apply` of a new object. */
export function apply(api: ApiServer, object: object): Promise<KubectlResult> {
  return api.kubectl(['apply', '--validate=false', '-f', '-'], JSON.stringify(object));
}

/** {@link apply}, also over an object that is there. @throws with kubectl's words if it fails */
export async function mustApply(api: ApiServer, object: object): Promise<void> {
  const { code, stderr } = await api.kubectl(['apply', '--server-side', '--validate=false', '-f', '-'], JSON.stringify(object));
  if (code !== 0) throw new Error(stderr);
}

/** What an API server answers when it is asked to create a pod for show. */
export interface Tried {
  readonly isAllowed: boolean;
  /** The pod after admission, or a Status. */
  readonly object: JsonObject;
}

/** Creates a pod for show: admission sees it, nobody keeps it. */
export async function tryPod(api: ApiServer, placed: PlacedPod): Promise<Tried> {
  const response = await fetch(`${api.url}/api/v1/namespaces/${placed.namespace}/pods?dryRun=All`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(podObject(placed)),
  });
  return { isAllowed: response.ok, object: (await response.json()) as JsonObject };
}

/** The stored pod without what the API server and kubectl write into every object's metadata. @throws if there is none */
export async function storedPod(api: ApiServer, { namespace, pod }: PlacedPod): Promise<JsonObject> {
  const { code, stdout, stderr } = await api.kubectl(['get', 'pod', '-n', namespace, pod.metadata.name, '-o', 'json']);
  if (code !== 0) throw new Error(stderr);
  const { metadata, ...rest } = JSON.parse(stdout);
  const { uid: _uid, resourceVersion: _version, generation: _generation, creationTimestamp: _time, ...kept } = metadata;
  const { managedFields: _managed, annotations, ...own } = kept;
  const { [lastApplied]: _applied, ...others } = annotations ?? {};
  return { ...rest, metadata: { ...own, ...(Object.keys(others).length > 0 && { annotations: others }) } };
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
