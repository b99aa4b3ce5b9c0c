/** core/v1 Service: what discovery reads of it. Checked against Kubernetes 1.34. */

import { objectMeta, typeMeta } from './object-meta.ts';
import { bool, embedded, type Infer, int32, intOrString, keep, list, map, pointer, string, struct, text } from './schema.ts';

const servicePort = struct('ServicePort', {
  name: string,
  protocol: text('Protocol'),
  appProtocol: pointer(string),
  port: keep(int32),
  targetPort: intOrString,
  nodePort: int32,
});

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
export const service = struct('Service', {
  ...embedded('TypeMeta', typeMeta),
  metadata: keep(objectMeta, 'ObjectMeta'),
  spec: keep(
    struct('ServiceSpec', {
      ports: list(servicePort),
      selector: map(string),
      clusterIP: string,
      clusterIPs: list(string),
      type: text('ServiceType'),
      externalIPs: list(string),
      externalName: string,
      publishNotReadyAddresses: bool,
      ipFamilies: list(text('IPFamily')),
      internalTrafficPolicy: pointer(text('ServiceInternalTrafficPolicy')),
      trafficDistribution: pointer(string),
    }),
  ),
  status: keep(
    struct('ServiceStatus', {
      loadBalancer: keep(struct('LoadBalancerStatus', { ingress: list(struct('LoadBalancerIngress', { ip: string, hostname: string })) })),
    }),
  ),
});
export type KubeService = Infer<typeof service>;
