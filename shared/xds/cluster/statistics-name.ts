import type { Service, ServicePort } from '../../model/index.ts';
import { statisticsName } from '../names.ts';

/** What a name of statistics may speak of. */
export interface Counted {
  readonly service: Pick<Service, 'registry' | 'host' | 'name' | 'namespace'>;
  readonly port: Pick<ServicePort, 'number' | 'name'>;
  /** 0 if it makes no difference. */
  readonly targetPort: number;
  readonly subset: string;
}

const variable = /%(SERVICE|SERVICE_FQDN|SERVICE_NAME|SERVICE_PORT|SERVICE_PORT_NAME|TARGET_PORT|SUBSET_NAME)%/g;

/**
 * The name under which a cluster counts: its own, or what the mesh's pattern makes of it (`%SERVICE%_%SERVICE_PORT%`).
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig field `outboundClusterStatName`
 */
export function clusterStatistics(name: string, pattern: string | undefined, counted: Counted | undefined): string {
  return statisticsName(patternedName(name, pattern, counted));
}

/** The same without the mark at its end, for connections that are not read. */
export function patternedName(name: string, pattern: string | undefined, counted: Counted | undefined): string {
  if (pattern === undefined || pattern === '' || counted === undefined) return name;
  const values = variables(counted);
  return pattern.replaceAll(variable, (_, key: string) => values[key] ?? '');
}

function variables({ service, port, targetPort, subset }: Counted): Readonly<Record<string, string>> {
  const isKubernetes = service.registry === 'Kubernetes';
  return {
    SERVICE: isKubernetes ? `${service.name}.${service.namespace}` : service.host,
    SERVICE_FQDN: service.host,
    SERVICE_NAME: service.name,
    SERVICE_PORT: String(port.number),
    SERVICE_PORT_NAME: port.name,
    TARGET_PORT: String(targetPort),
    SUBSET_NAME: subset,
  };
}
