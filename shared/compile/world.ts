import type { RawObject } from '../sources/kubernetes/objects.ts';
import type { MeshSettings } from '../sources/settings.ts';

/** Everything that a compile starts from. Not decoded: what can be read of it is the compile's business, and what cannot is a problem of its own. */
export interface World extends MeshSettings {
  /** In any order: it makes no difference. */
  readonly objects: readonly RawObject[];
  /** Id of the cluster that the objects were read from. */
  readonly cluster: string;
  /** Suffix of service names, `cluster.local`. */
  readonly domain: string;
}

/** As problems name objects. */
export function nameOf({ kind, namespace, name }: RawObject): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Istio's names where nobody gives others. */
export const defaultCluster = 'Kubernetes';
export const defaultDomain = 'cluster.local';
