import type { ClusterLoadAssignment } from '../../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import type { Built, EndpointKey, Scope, Service } from '../../model/index.ts';
import { discoveryOf } from '../cluster/discovery.ts';
import { outboundClusterName } from '../names.ts';
import { effectivePolicy } from '../traffic-policy.ts';
import { type AssignmentInput, assignment } from './assignment.ts';

/** The assignments of all clusters that take their endpoints from the control plane. */
export function endpoints(scope: Scope, key: EndpointKey): Built<ClusterLoadAssignment> {
  return { value: assignmentsOf(scope, key, { services: scope.services, clusterName: outboundClusterName }), problems: [] };
}

/** Which clusters assignments are for. */
export interface AssignmentChoice extends Pick<AssignmentInput, 'isForMutualTls'> {
  readonly services: readonly Service[];
  readonly clusterName: (host: string, port: number, subset?: string) => string;
}

/** One for each port and subset of the services that takes its endpoints from the control plane. */
export function assignmentsOf(
  scope: Scope,
  key: EndpointKey,
  { services, clusterName, ...choice }: AssignmentChoice,
): readonly ClusterLoadAssignment[] {
  const assignments = new Map<string, ClusterLoadAssignment>();
  for (const service of services) {
    const rule = scope.destinationRuleFor(service, key.labels);
    for (const port of service.ports.filter(({ protocol }) => protocol !== 'UDP')) {
      for (const subset of [undefined, ...(rule?.spec.subsets ?? [])]) {
        const policy = effectivePolicy(rule, port.number, subset);
        if (discoveryOf(service, { policy, type: key.type }) !== 'eds') continue;
        const name = clusterName(service.host, port.number, subset?.name);
        if (!assignments.has(name)) assignments.set(name, assignment({ ...choice, name, scope, key, service, port, subset, policy }));
      }
    }
  }
  return [...assignments.values()];
}
