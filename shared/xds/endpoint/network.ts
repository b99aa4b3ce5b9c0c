/** Endpoints of other networks, seen from here: the gateways that lead to them. */

import type { Endpoint, NetworkGateway, Scope } from '../../model/index.ts';
import { type LocalityGroup, sumOfWeights } from './locality.ts';

interface Reach {
  /** The caller's network. */
  readonly network: string;
  readonly gatewaysOf: Scope['gatewaysOf'];
  /** Gateways lead on by mutual TLS only. */
  readonly speaksMutualTls: (endpoint: Endpoint) => boolean;
}

/**
 * Replaces endpoints of other networks by those networks' gateways, which share their weight. All weights are multiplied by the same number where
 * that is needed to divide them. A network without gateways is reached directly.
 */
export function reachable(groups: readonly LocalityGroup[], reach: Reach): readonly LocalityGroup[] {
  const isRemote = ({ network }: Endpoint): boolean => network !== '' && network !== reach.network && reach.gatewaysOf(network).length > 0;
  const remote = groups.flatMap(({ endpoints }) => endpoints.filter(isRemote));
  if (remote.length === 0) return groups;
  const scale = [...new Set(remote.map(({ network }) => reach.gatewaysOf(network).length))].reduce(leastCommonMultiple, 1);
  return groups
    .map((group) => reachableGroup(group, { reach, isRemote, scale }))
    .filter(({ endpoints, gateways }) => endpoints.length + gateways.length > 0);
}

interface Scaled {
  readonly reach: Reach;
  readonly isRemote: (endpoint: Endpoint) => boolean;
  readonly scale: number;
}

function reachableGroup(group: LocalityGroup, { reach, isRemote, scale }: Scaled): LocalityGroup {
  const near = group.endpoints
    .filter((endpoint) => !isRemote(endpoint))
    .map((endpoint) => ({ ...endpoint, weight: endpoint.weight * scale }));
  const weights = new Map<NetworkGateway, number>();
  for (const endpoint of group.endpoints.filter(isRemote)) {
    if (!reach.speaksMutualTls(endpoint) || endpoint.health === 'unhealthy') continue;
    const gateways = reach.gatewaysOf(endpoint.network);
    for (const gateway of gateways) weights.set(gateway, (weights.get(gateway) ?? 0) + (endpoint.weight * scale) / gateways.length);
  }
  const gateways = [...weights].map(([gateway, weight]) => ({ ...gateway, weight }));
  return { ...group, endpoints: near, gateways, weight: sumOfWeights([...near, ...gateways]) };
}

function leastCommonMultiple(a: number, b: number): number {
  return (a * b) / greatestCommonDivisor(a, b);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
