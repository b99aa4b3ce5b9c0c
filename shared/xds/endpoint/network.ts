/** Endpoints of other networks, seen from here: the gateways that lead to them. */

import { type Endpoint, gatewayScale, gatewaysTo, type NetworkGateway, type NetworkGateways } from '../../model/index.ts';
import { type LocalityGroup, maxWeight, sumOfWeights } from './locality.ts';

interface Reach {
  /** The caller's network. */
  readonly network: string;
  readonly gateways: NetworkGateways;
  /** Gateways lead on by mutual TLS only. */
  readonly speaksMutualTls: (endpoint: Endpoint) => boolean;
}

/**
 * Replaces endpoints of other networks by those networks' gateways, which share their weight. All weights of the mesh are multiplied by the same
 * number, so that they can be divided. A network without gateways is reached directly.
 */
export function reachable(groups: readonly LocalityGroup[], reach: Reach): readonly LocalityGroup[] {
  if (reach.gateways.size === 0) return groups;
  const scale = gatewayScale(reach.gateways);
  return groups
    .map((group) => reachableGroup(group, reach, scale))
    .filter(({ endpoints, gateways }) => endpoints.length + gateways.length > 0);
}

function reachableGroup(group: LocalityGroup, { network, gateways: all, speaksMutualTls }: Reach, scale: number): LocalityGroup {
  const near: Endpoint[] = [];
  const weights = new Map<NetworkGateway, number>();
  for (const endpoint of group.endpoints) {
    const weight = Math.min(endpoint.weight * scale, maxWeight);
    const gateways = endpoint.network === network ? [] : gatewaysTo(all, endpoint);
    if (gateways.length === 0) near.push({ ...endpoint, weight });
    else if (speaksMutualTls(endpoint) && endpoint.health !== 'unhealthy') {
      for (const gateway of gateways) weights.set(gateway, (weights.get(gateway) ?? 0) + weight / gateways.length);
    }
  }
  const gateways = [...weights].map(([gateway, weight]) => ({ ...gateway, weight: Math.min(Math.floor(weight), maxWeight) }));
  return { ...group, endpoints: near, gateways, weight: sumOfWeights([...near, ...gateways]) };
}
