import type { ClusterLoadAssignment } from '../../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import type { Built, EndpointKey, Scope } from '../../model/index.ts';
import { discoveryOf } from '../cluster/discovery.ts';
import { outboundClusterName } from '../names.ts';
import { effectivePolicy } from '../traffic-policy.ts';
import { assignment } from './assignment.ts';

/** The assignments of all clusters that take their endpoints from the control plane. */
export function endpoints(scope: Scope, key: EndpointKey): Built<ClusterLoadAssignment> {
  const assignments = new Map<string, ClusterLoadAssignment>();
  for (const service of scope.services) {
    const rule = scope.destinationRuleFor(service, key.labels);
    for (const port of service.ports.filter(({ protocol }) => protocol !== 'UDP')) {
      for (const subset of [undefined, ...(rule?.spec.subsets ?? [])]) {
        const policy = effectivePolicy(rule, port.number, subset);
        if (discoveryOf(service, { policy, type: key.type }) !== 'eds') continue;
        const name = outboundClusterName(service.host, port.number, subset?.name);
        if (!assignments.has(name)) assignments.set(name, assignment({ name, scope, key, service, port, subset, policy }));
      }
    }
  }
  return { value: [...assignments.values()], problems: [] };
}
