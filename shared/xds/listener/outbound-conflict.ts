/** Services that get no listener of their own because an older one has their place. */

import type { Problem } from '../../lib/problem.ts';
import type { Scope } from '../../model/index.ts';
import { serviceObject } from '../origins.ts';
import type { PlanKey } from './keys.ts';
import { isHttpOnly, isSettled, type ListenerPlan, merged } from './outbound-entry.ts';
import { listenerName, type PlacedPort, type PortGroup, portGroups } from './outbound-group.ts';
import { listenerPlan } from './outbound-plan.ts';

/** One for each port of a service whose connections an older service gets. Requests of HTTP are no such case: their hosts tell them apart. */
export function outboundConflicts(scope: Scope, key: PlanKey): readonly Problem[] {
  return portGroups(scope, key).flatMap(groupConflicts);
}

function groupConflicts([first, ...others]: PortGroup): readonly Problem[] {
  let plan = listenerPlan(first.scope, first.at);
  return others.flatMap((placed) => {
    const { next, isLost } = joined(plan, placed);
    plan = next;
    return isLost ? [conflict(placed, first)] : [];
  });
}

function joined(plan: ListenerPlan, { scope, at }: PlacedPort): { readonly next: ListenerPlan; readonly isLost: boolean } {
  if (isSettled(plan, at)) return { next: plan, isLost: !isHttpOnly(plan, at) };
  const added = listenerPlan(scope, at);
  const next = merged(plan, added);
  const kept = new Set(next.chains);
  return { next, isLost: added.chains.some((chain) => chain.traffic.kind === 'tcp' && !kept.has(chain)) };
}

function conflict({ at }: PlacedPort, first: PlacedPort): Problem {
  const { service, port, bind } = at;
  const { kind, namespace, name } = serviceObject(service);
  return {
    code: 'listener-conflict',
    severity: 'warning',
    object: `${kind} ${namespace}/${name}`,
    path: `spec.ports[${Math.max(
      0,
      service.ports.findIndex(({ number }) => number === port.number),
    )}]`,
    message:
      `connections to ${service.host} on ${listenerName(bind, port.number)} cannot be told from those to ${first.at.service.host}, ` +
      'which is older and gets them: give the service an address or a port of its own',
  };
}
