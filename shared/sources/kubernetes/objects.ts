import { decode } from '../../kube/decode.ts';
import { type EndpointSlice, endpointSlice } from '../../kube/endpointslice.ts';
import { ingress, ingressClass, type KubeIngress, type KubeIngressClass } from '../../kube/ingress.ts';
import { type Namespace, namespace } from '../../kube/namespace.ts';
import { type Node, node } from '../../kube/node.ts';
import { type RunningPod, runningPod } from '../../kube/running-pod.ts';
import type { Schema } from '../../kube/schema.ts';
import { type KubeService, service } from '../../kube/service.ts';
import type { JsonObject } from '../../lib/json.ts';
import { memoOf } from '../../lib/memo.ts';
import type { Problem } from '../../lib/problem.ts';

/** An object of the API server or of a file, not decoded. */
export interface RawObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for objects of the cluster. */
  readonly namespace: string;
  readonly name: string;
  readonly content: JsonObject;
}

/** The objects of a Kubernetes registry. */
export interface KubernetesObjects {
  readonly services: readonly KubeService[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly pods: readonly RunningPod[];
  readonly nodes: readonly Node[];
  readonly namespaces: readonly Namespace[];
  readonly ingresses: readonly KubeIngress[];
  readonly ingressClasses: readonly KubeIngressClass[];
}

/** Decodes what a registry needs; other kinds are passed over. A broken object is left out with a problem. */
export function decodeKubernetesObjects(objects: readonly RawObject[]): {
  readonly value: KubernetesObjects;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const all = <T>(apiGroup: string, kind: string, schema: Schema<T>): readonly T[] =>
    objects
      .filter((object) => object.kind === kind && groupOf(object.apiVersion) === apiGroup)
      .flatMap((object) => decodeObject(object, schema, problems));
  const value: KubernetesObjects = {
    services: all('', 'Service', service),
    endpointSlices: all('discovery.k8s.io', 'EndpointSlice', endpointSlice),
    pods: all('', 'Pod', runningPod),
    nodes: all('', 'Node', node),
    namespaces: all('', 'Namespace', namespace),
    ingresses: all('networking.k8s.io', 'Ingress', ingress),
    ingressClasses: all('networking.k8s.io', 'IngressClass', ingressClass),
  };
  return { value, problems };
}

/** Empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** Name and namespace are those of the raw object: a file may leave the namespace to its reader. */
function decodeObject<T>(object: RawObject, schema: Schema<T>, problems: Problem[]): readonly T[] {
  const decoded = decodedAs(schema)(object);
  if ('value' in decoded) return [decoded.value as T];
  problems.push(decoded.problem);
  return [];
}

/** Each object once, also from one compile to the next: most of them have not changed. */
const decodedAs = memoOf((schema: Schema<unknown>) => memoOf((object: RawObject) => decodeAs(object, schema)));

function decodeAs(object: RawObject, schema: Schema<unknown>): { readonly value: unknown } | { readonly problem: Problem } {
  const metadata = object.content['metadata'];
  const named = { ...object.content, metadata: { ...(metadata as JsonObject), namespace: object.namespace, name: object.name } };
  const decoded = decode(named, schema);
  if (decoded.ok) return { value: decoded.value };
  const problem: Problem = {
    code: 'broken-object',
    severity: 'error',
    object: [object.kind, [object.namespace, object.name].filter((part) => part !== '').join('/')].join(' '),
    path: '',
    message: decoded.error,
  };
  return { problem };
}
