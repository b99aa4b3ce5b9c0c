import { hasLabels, type Labels, type Mesh, type Service, type ServicePort, type ServiceTarget, type Workload } from '../model/index.ts';

/** Services by namespace, for finding those that pick a workload without a walk over the whole mesh. */
export type SelectingServices = ReadonlyMap<string, readonly Service[]>;

/** Only Kubernetes services pick workloads by themselves; a ServiceEntry's endpoints are found by their address. */
export function selectingServices({ services }: Mesh): SelectingServices {
  return Map.groupBy(
    services.filter(({ registry, selector, resolution }) => registry === 'Kubernetes' && selector !== undefined && resolution !== 'alias'),
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
 * Ports of the services that pick a workload, the oldest service first. A named target port that the workload lacks is no target. Istio compatibility:
 * UDP ports are targets too, though nothing is ever sent to them.
 */
export function serviceTargets(services: SelectingServices, { namespace, labels, ports }: Selected): readonly ServiceTarget[] {
  return (services.get(namespace) ?? [])
    .filter(({ selector }) => selector !== undefined && hasLabels(labels, selector))
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
