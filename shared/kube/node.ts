import { objectMeta, typeMeta } from './object-meta.ts';
import { embedded, type Infer, keep, struct } from './schema.ts';

/** Only its labels are read: they say where its pods run. @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/ */
export const node = struct('Node', { ...embedded('TypeMeta', typeMeta), metadata: keep(objectMeta, 'ObjectMeta') });
export type Node = Infer<typeof node>;
