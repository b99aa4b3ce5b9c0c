import { allocateAddresses } from '../sources/entries/allocate.ts';
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

/**
 * The world with addresses for hosts that leave them to the control plane. They are part of the world that is stored, so that every later compile, wherever
 * it runs, gives the same.
 * @param last objects of the world before.
 */
export function withAllocatedAddresses(world: World, last: readonly RawObject[]): World {
  return world.features.allocatesAddresses ? { ...world, objects: allocateAddresses(world.objects, last) } : world;
}

/** As problems name objects. */
export function nameOf({ kind, namespace, name }: RawObject): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Istio's names where nobody gives others. */
export const defaultCluster = 'Kubernetes';
export const defaultDomain = 'cluster.local';
