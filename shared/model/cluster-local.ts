import type { MeshConfig } from '../config/mesh/mesh-config.ts';

/**
 * Hosts that only the endpoints of the caller's own cluster serve: what each cluster has for itself, as far as the settings leave it so, and what they
 * add.
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ServiceSettings
 */
export function clusterLocalHosts({ serviceSettings = [], defaultConfig = {} }: MeshConfig, domain: string): readonly string[] {
  const hostsThat = (isLocal: boolean): readonly string[] =>
    serviceSettings.filter(({ settings }) => (settings?.clusterLocal ?? false) === isLocal).flatMap(({ hosts = [] }) => hosts);
  const shared = new Set(hostsThat(false));
  const own = [`*.kube-system.svc.${domain}`, `kubernetes.default.svc.${domain}`, discoveryHost(defaultConfig.discoveryAddress, domain)];
  return [...own.filter((host) => host !== '' && !shared.has(host)), ...hostsThat(true)];
}

/** The control plane's own, `istiod.istio-system.svc:15012` as a full name. */
function discoveryHost(address = '', domain: string): string {
  const host = address.slice(0, address.lastIndexOf(':'));
  return host === '' || host.endsWith(`.${domain}`) ? host : `${host}.${domain}`;
}
