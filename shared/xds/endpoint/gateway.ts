import type { ClusterLoadAssignment } from '../../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import type { Built, EndpointKey, Scope } from '../../model/index.ts';
import { clusterServerName } from '../names.ts';
import { assignmentsOf } from './endpoints.ts';

/** Assignments of the clusters behind servers of mode AUTO_PASSTHROUGH. */
export function gatewayEndpoints(scope: Scope, key: EndpointKey): Built<ClusterLoadAssignment> {
  const services = scope.services.filter(({ isMeshExternal }) => !isMeshExternal);
  return { value: assignmentsOf(scope, key, { services, clusterName: clusterServerName, isForMutualTls: true }), problems: [] };
}
