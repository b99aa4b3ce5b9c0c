import { byAge, type Service } from './service.ts';

/**
 * Of services with one host in several namespaces Kubernetes' own wins, so that nobody takes over its name by a ServiceEntry, then the caller's
 * namespace, then the oldest. Several of one namespace are kept if they differ in their addresses; else their ports join.
 */
export function oneForEachHost(services: readonly Service[], namespace: string): readonly Service[] {
  const winners = new Map<string, Service[]>();
  for (const service of services) {
    const group = winners.get(service.host);
    const first = group?.[0];
    if (group === undefined || first === undefined) winners.set(service.host, [service]);
    else if (isSameOrigin(first, service)) addToGroup(group, service);
    else if (rank(service, namespace) < rank(first, namespace)) winners.set(service.host, [service]);
  }
  return [...winners.values()].flat().sort(byAge);
}

function rank({ registry, namespace: own }: Service, namespace: string): number {
  return (registry === 'Kubernetes' ? 0 : 2) + (own === namespace ? 0 : 1);
}

function isSameOrigin(a: Service, b: Service): boolean {
  return a.namespace === b.namespace && a.registry === b.registry;
}

function addToGroup(group: Service[], service: Service): void {
  const index = group.findIndex(({ addresses }) => addresses.join() === service.addresses.join());
  const same = group[index];
  if (same === undefined) {
    group.push(service);
    return;
  }
  if (same.resolution !== service.resolution) return;
  const known = new Set(same.ports.map(({ number }) => number));
  group[index] = { ...same, ports: [...same.ports, ...service.ports.filter(({ number }) => !known.has(number))] };
}
