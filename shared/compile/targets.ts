import {
  hasLabels,
  type Labels,
  type Mesh,
  type Service,
  type ServicePort,
  type ServiceTarget,
  serviceKey,
  type Workload,
} from '../model/index.ts';

/** Services by namespace, the oldest first, for finding those of a workload without a walk over the whole mesh. */
export type ServicesByNamespace = ReadonlyMap<string, readonly Service[]>;

export function servicesByNamespace({ services }: Mesh): ServicesByNamespace {
  return Map.groupBy(
    services.filter(({ resolution }) => resolution !== 'alias'),
    ({ namespace }) => namespace,
  );
}

/** Who asks for its services: a pod that the registry knows, or a proxy's own words. */
export interface Selected {
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: Workload['ports'];
}

/**
 * Ports of the Kubernetes services that pick a workload, the oldest service first. A named target port that the workload lacks is no target. Istio
 * compatibility: UDP ports are targets too, though nothing is ever sent to them.
 */
export function selectedTargets(services: ServicesByNamespace, { namespace, labels, ports }: Selected): readonly ServiceTarget[] {
  return (services.get(namespace) ?? [])
    .filter(({ registry, selector }) => registry === 'Kubernetes' && selector !== undefined && hasLabels(labels, selector))
    .flatMap((service) =>
      service.ports.flatMap((port): readonly ServiceTarget[] => {
        const targetPort = targetNumber(port, ports);
        return targetPort === undefined ? [] : [{ service, port, targetPort }];
      }),
    );
}

function targetNumber({ number, targetPort = number, protocol }: ServicePort, ports: Workload['ports']): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  const wanted = protocol === 'UDP' ? 'UDP' : 'TCP';
  return ports.find(({ name, transport }) => name === targetPort && transport === wanted)?.number;
}

/** Ports of ServiceEntries by the addresses of their endpoints: such a service picks workloads by where they are. */
export function targetsByAddress({ services, endpoints }: Mesh): ReadonlyMap<string, readonly ServiceTarget[]> {
  const found = new Map<string, Map<string, ServiceTarget>>();
  for (const service of services) {
    if (service.registry !== 'External') continue;
    for (const { address, servicePortName, port: targetPort } of endpoints.get(serviceKey(service)) ?? []) {
      const port = service.ports.find(({ name }) => name === servicePortName);
      if (port === undefined) continue;
      const target = { service, port, targetPort };
      found.set(address, (found.get(address) ?? new Map<string, ServiceTarget>()).set(targetName(target), target));
    }
  }
  return new Map([...found].map(([address, targets]) => [address, [...targets.values()]]));
}

/** How look-ups name a target. */
export function targetName({ service, port, targetPort }: ServiceTarget): string {
  return `${service.namespace}/${service.host}:${port.number}:${targetPort}`;
}

/**
 * The targets that the names stand for, the oldest service first. Only those of the namespace: nobody is made part of a service by a ServiceEntry
 * of somebody else.
 */
export function namedTargets(services: ServicesByNamespace, namespace: string, names: readonly string[]): readonly ServiceTarget[] {
  const ports = portsByName(services);
  const found = new Map<PlacedPort, ServiceTarget>();
  for (const name of names) {
    const end = name.lastIndexOf(':');
    for (const placed of ports.get(name.slice(0, end)) ?? []) {
      const { service, port } = placed;
      if (service.namespace !== namespace || found.has(placed)) continue;
      found.set(placed, { service, port, targetPort: Number(name.slice(end + 1)) });
    }
  }
  return [...found].sort(([a], [b]) => a.place - b.place).map(([, target]) => target);
}

interface PlacedPort {
  /** Among all ports of all services, the oldest service first. */
  readonly place: number;
  readonly service: Service;
  readonly port: ServicePort;
}

type PortsByName = ReadonlyMap<string, readonly PlacedPort[]>;

const indexes = new WeakMap<ServicesByNamespace, PortsByName>();

/** By {@link targetName} without the target port; made once for a mesh. */
function portsByName(services: ServicesByNamespace): PortsByName {
  const known = indexes.get(services);
  if (known !== undefined) return known;
  const ports = [...services.values()].flat().flatMap((service) => service.ports.map((port) => ({ service, port })));
  const placed = ports.map(({ service, port }, place): PlacedPort => ({ place, service, port }));
  const index = Map.groupBy(placed, ({ service, port }) => `${service.namespace}/${service.host}:${port.number}`);
  indexes.set(services, index);
  return index;
}
