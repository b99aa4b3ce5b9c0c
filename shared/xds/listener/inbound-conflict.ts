import type { Problem } from '../../lib/problem.ts';
import { isHttp, type PortProtocol, type ServiceTarget } from '../../model/index.ts';
import { serviceObject } from '../origins.ts';
import type { InboundListenerKey } from './keys.ts';

/** One for each port of a service that leads to a container port which speaks something else for an older service: that one decides. */
export function inboundConflicts({ serviceTargets, ingress }: Pick<InboundListenerKey, 'serviceTargets' | 'ingress'>): readonly Problem[] {
  if (ingress !== undefined) return [];
  const first = new Map<number, ServiceTarget>();
  return serviceTargets.flatMap((target) => {
    const older = first.get(target.targetPort) ?? target;
    first.set(target.targetPort, older);
    return kindOf(older.port.protocol) === kindOf(target.port.protocol) ? [] : [conflict(target, older)];
  });
}

function kindOf(protocol: PortProtocol): string {
  if (protocol === 'Auto') return 'auto';
  return isHttp(protocol) ? 'http' : 'tcp';
}

function conflict({ service, port, targetPort }: ServiceTarget, older: ServiceTarget): Problem {
  const { kind, namespace, name } = serviceObject(service);
  return {
    code: 'listener-conflict',
    severity: 'warning',
    object: `${kind} ${namespace}/${name}`,
    path: `spec.ports[${service.ports.findIndex(({ number }) => number === port.number)}]`,
    message:
      `container port ${targetPort} speaks ${port.protocol} here and ${older.port.protocol} for ${older.service.host}, which is older and ` +
      'decides: let both name one protocol',
  };
}
