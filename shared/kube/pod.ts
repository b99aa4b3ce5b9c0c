/** core/v1 Pod, and the door to the types below it. */

import { objectMeta, typeMeta } from './object-meta.ts';
import { podSpec } from './pod-spec.ts';
import { embedded, type Infer, keep, opaque, struct } from './schema.ts';

/**
 * A pod's status is carried as it came: a new pod has none, and nothing here reads or writes it. So it prints with sorted members, and a wrong
 * type in it is no error.
 */
export const podStatus = opaque;

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export const pod = struct('Pod', {
  ...embedded('TypeMeta', typeMeta),
  metadata: keep(objectMeta, 'ObjectMeta'),
  spec: keep(podSpec),
  status: keep(podStatus),
});
export type Pod = Infer<typeof pod>;

export {
  type Container,
  container,
  containerPort,
  type EnvVar,
  type Lifecycle,
  type LifecycleHandler,
  lifecycle,
  lifecycleHandler,
  type Probe,
  probe,
  type ResourceRequirements,
  type SecurityContext,
  type VolumeMount,
} from './container.ts';
export { type ObjectMeta, type OwnerReference, objectMeta } from './object-meta.ts';
export { type PodSpec, podSpec } from './pod-spec.ts';
export { type Volume, volume } from './volume.ts';
