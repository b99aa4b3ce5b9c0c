import type { RawObject } from '../kubernetes/objects.ts';
import type { FileObject } from './read.ts';

/** Kinds that belong to no namespace. */
const clusterKinds: ReadonlySet<string> = new Set(['Namespace', 'Node', 'GatewayClass', 'IngressClass', 'ClusterTrustBundle']);

/** An object without a namespace is in `default`, as kubectl has it. */
export function rawObject({ apiVersion, kind, namespace, name, content }: FileObject): RawObject {
  return { apiVersion, kind, name, namespace: namespace === '' && !clusterKinds.has(kind) ? 'default' : namespace, content };
}
