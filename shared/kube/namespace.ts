import { objectMeta, typeMeta } from './object-meta.ts';
import { embedded, type Infer, keep, struct } from './schema.ts';

/** @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/ */
export const namespace = struct('Namespace', { ...embedded('TypeMeta', typeMeta), metadata: keep(objectMeta, 'ObjectMeta') });
export type Namespace = Infer<typeof namespace>;
