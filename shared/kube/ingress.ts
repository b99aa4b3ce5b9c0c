/** networking.k8s.io/v1 Ingress and IngressClass: what routing reads of them. Checked against Kubernetes 1.34. */

import { objectMeta, typeMeta } from './object-meta.ts';
import { embedded, type Infer, int32, keep, list, pointer, string, struct, text } from './schema.ts';

const backend = struct('IngressBackend', {
  service: pointer(
    struct('IngressServiceBackend', { name: keep(string), port: keep(struct('ServiceBackendPort', { name: string, number: int32 })) }),
  ),
});

const path = struct('HTTPIngressPath', { path: string, pathType: pointer(text('PathType')), backend: keep(backend) });

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/ */
export const ingress = struct('Ingress', {
  ...embedded('TypeMeta', typeMeta),
  metadata: keep(objectMeta, 'ObjectMeta'),
  spec: keep(
    struct('IngressSpec', {
      ingressClassName: pointer(string),
      defaultBackend: pointer(backend),
      tls: list(struct('IngressTLS', { hosts: list(string), secretName: string })),
      rules: list(struct('IngressRule', { host: string, http: pointer(struct('HTTPIngressRuleValue', { paths: keep(list(path)) })) })),
    }),
  ),
});
export type KubeIngress = Infer<typeof ingress>;

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-class-v1/ */
export const ingressClass = struct('IngressClass', {
  ...embedded('TypeMeta', typeMeta),
  metadata: keep(objectMeta, 'ObjectMeta'),
  spec: keep(struct('IngressClassSpec', { controller: string })),
});
export type KubeIngressClass = Infer<typeof ingressClass>;
