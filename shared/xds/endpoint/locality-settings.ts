import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import type { Service } from '../../model/index.ts';
import type { EffectivePolicy } from '../traffic-policy.ts';

/** How near and far endpoints share the load. */
export type LocalitySettings = NonNullable<MeshConfig['localityLbSetting']>;

/**
 * The settings that hold for a cluster: the rule's own, or those of the service's traffic distribution, or the mesh's; none where they are turned
 * off.
 */
export function localitySettings(service: Service, { loadBalancer }: EffectivePolicy, config: MeshConfig): LocalityChoice | undefined {
  const own = loadBalancer?.localityLbSetting;
  if (own !== undefined) return own.enabled === false ? undefined : { settings: own, isForced: false };
  const labels = service.trafficDistribution && distributionLabels[service.trafficDistribution];
  if (labels !== undefined) return { settings: { failoverPriority: labels }, isForced: true };
  const mesh = config.localityLbSetting;
  return mesh === undefined || mesh.enabled === false ? undefined : { settings: mesh, isForced: false };
}

export interface LocalityChoice {
  readonly settings: LocalitySettings;
  /** Holds without outlier detection too; else failing over to far endpoints would never end. */
  readonly isForced: boolean;
}

const zoneLabels = ['topology.istio.io/network', 'topology.kubernetes.io/region', 'topology.kubernetes.io/zone'];
const distributionLabels = {
  'same-zone': zoneLabels,
  'same-node': [...zoneLabels, 'topology.istio.io/subzone', 'kubernetes.io/hostname'],
};

/** Whether Envoy must heed the weights of localities. */
export function isLocalityWeighted(service: Service, policy: EffectivePolicy, config: MeshConfig): boolean {
  const choice = localitySettings(service, policy, config);
  if (choice === undefined) return false;
  const { distribute = [], failover = [], failoverPriority = [] } = choice.settings;
  if (distribute.length > 0) return true;
  return (failover.length > 0 || failoverPriority.length > 0) && (choice.isForced || policy.outlierDetection !== undefined);
}
