/** discovery.k8s.io/v1 EndpointSlice: what discovery reads of it. Checked against Kubernetes 1.34. */

import { objectMeta, typeMeta } from './object-meta.ts';
import { bool, embedded, type Infer, int32, keep, list, pointer, string, struct, text } from './schema.ts';

const endpoint = struct('Endpoint', {
  addresses: keep(list(string)),
  conditions: keep(struct('EndpointConditions', { ready: pointer(bool), serving: pointer(bool), terminating: pointer(bool) })),
  hostname: pointer(string),
  targetRef: pointer(struct('ObjectReference', { kind: string, namespace: string, name: string })),
  nodeName: pointer(string),
  zone: pointer(string),
});

const endpointPort = struct('EndpointPort', {
  name: pointer(string),
  protocol: pointer(text('Protocol')),
  port: pointer(int32),
  appProtocol: pointer(string),
});

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/ */
export const endpointSlice = struct('EndpointSlice', {
  ...embedded('TypeMeta', typeMeta),
  metadata: keep(objectMeta, 'ObjectMeta'),
  addressType: keep(text('AddressType')),
  endpoints: keep(list(endpoint)),
  ports: keep(list(endpointPort)),
});
export type EndpointSlice = Infer<typeof endpointSlice>;
export type SliceEndpoint = Infer<typeof endpoint>;
