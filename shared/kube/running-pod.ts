/** core/v1 Pod as discovery reads it: where it runs, as whom, and at which addresses. Checked against Kubernetes 1.34. */

import { containerPort } from './container.ts';
import { objectMeta, typeMeta } from './object-meta.ts';
import { bool, embedded, type Infer, keep, list, string, struct, text } from './schema.ts';

const portHolder = struct('Container', { name: keep(string), ports: list(containerPort) });

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export const runningPod = struct('Pod', {
  ...embedded('TypeMeta', typeMeta),
  metadata: keep(objectMeta, 'ObjectMeta'),
  spec: keep(
    struct('PodSpec', {
      initContainers: list(portHolder),
      containers: keep(list(portHolder)),
      serviceAccountName: string,
      nodeName: string,
      hostNetwork: bool,
      hostname: string,
      subdomain: string,
    }),
  ),
  status: keep(
    struct('PodStatus', {
      phase: text('PodPhase'),
      conditions: list(struct('PodCondition', { type: keep(string), status: keep(string) })),
      podIP: string,
      podIPs: list(struct('PodIP', { ip: keep(string) })),
    }),
  ),
});
export type RunningPod = Infer<typeof runningPod>;
