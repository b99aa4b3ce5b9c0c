/**
 * Which endpoints are used first. Localities get priorities (near ones first, the next when those are too few) or shares of the load, as
 * `localityLbSetting` says.
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting
 */

import { type Endpoint, type EndpointKey, type Labels, type Locality, localityText, type NetworkGateway } from '../../model/index.ts';
import type { LocalitySettings } from './locality-settings.ts';

/** A gateway of another network, with the weight of what is behind it. */
export interface GatewayEndpoint extends NetworkGateway {
  readonly weight: number;
}

/** Endpoints of one locality and one priority. */
export interface LocalityGroup {
  readonly locality: Locality;
  readonly endpoints: readonly Endpoint[];
  /** In the place of endpoints in other networks. */
  readonly gateways: readonly GatewayEndpoint[];
  /** Relative to other groups. */
  readonly weight: number;
  /** 0 is used first. */
  readonly priority: number;
}

/** What of the calling proxy decides who is near. */
export type Caller = Pick<EndpointKey, 'locality' | 'labels' | 'network' | 'networkView' | 'cluster' | 'nodeName'>;

/** Priorities or shares of the groups, for a caller. */
export function spread(
  groups: readonly LocalityGroup[],
  settings: LocalitySettings,
  { caller, failsOver }: { readonly caller: Caller; readonly failsOver: boolean },
): readonly LocalityGroup[] {
  const { distribute = [], failover = [], failoverPriority = [] } = settings;
  if (distribute.length > 0) return distributed(groups, distribute, caller.locality);
  if (!failsOver) return groups;
  if (failoverPriority.length === 0) return byDistance(groups, caller.locality, failover);
  const split = compacted(groups.flatMap((group) => splitByLabels(group, failoverPriority, caller)));
  return failover.length === 0 ? split : byDistance(split, caller.locality, failover);
}

/** Nearness decides among groups of one priority. */
function byDistance(groups: readonly LocalityGroup[], from: Locality, failover: Failover): readonly LocalityGroup[] {
  return compacted(groups.map((group) => ({ ...group, priority: group.priority * distances + distance(from, group.locality, failover) })));
}

type Distribute = NonNullable<LocalitySettings['distribute']>;
type Failover = NonNullable<LocalitySettings['failover']>;

/** The shares of the first setting whose `from` is where the caller is. A locality that none of them names keeps its place and weight without endpoints. */
function distributed(groups: readonly LocalityGroup[], distribute: Distribute, from: Locality): readonly LocalityGroup[] {
  const shares = distribute.find((setting) => isWithin(from, setting.from ?? ''))?.to;
  if (shares === undefined) return groups;
  const weights = new Map<LocalityGroup, number>();
  for (const [pattern, percent] of Object.entries(shares)) {
    const named = groups.filter((group) => !weights.has(group) && isWithin(group.locality, pattern));
    const total = sumOfWeights(named);
    for (const group of named) weights.set(group, percent === 0 ? group.weight : Math.ceil((percent * group.weight) / total));
  }
  return groups.map((group) => {
    const weight = weights.get(group);
    return weight === undefined ? { ...group, endpoints: [], gateways: [] } : { ...group, weight };
  });
}

/** Whether the locality is covered by `region`, `region/zone`, `region/zone/*` and the like. */
function isWithin(locality: Locality, pattern: string): boolean {
  const parts = [locality.region, locality.zone, locality.subZone];
  return pattern.split('/').every((part, index) => part === '*' || (part === '' && index > 0) || part === parts[index]);
}

/** How many results {@link distance} has. */
const distances = 5;

/** The same subzone is nearest, then the same zone, then the region, then the region that the settings name, then the rest of the world. */
function distance(from: Locality, to: Locality, failover: Failover): number {
  if (from.region !== to.region) {
    const next = failover.find((setting) => setting.from === from.region)?.to;
    return next === undefined || next === to.region ? 3 : 4;
  }
  if (from.zone !== to.zone) return 2;
  return from.subZone === to.subZone ? 0 : 1;
}

/** Gateways share nothing with the caller. The more of the labels, from the first one on, an endpoint shares with the caller, the sooner it is used. */
function splitByLabels(group: LocalityGroup, labels: readonly string[], caller: Caller): readonly LocalityGroup[] {
  const own = { ...caller.labels, ...topology(caller) };
  const byPriority = Map.groupBy(group.endpoints, (endpoint) => labels.length - sharedLabels(labels, own, endpoint));
  const near = [...byPriority].map(([priority, endpoints]): LocalityGroup => {
    return { ...group, endpoints, gateways: [], priority, weight: sumOfWeights(endpoints) };
  });
  const { gateways } = group;
  const far: LocalityGroup = { ...group, endpoints: [], gateways, priority: labels.length, weight: sumOfWeights(gateways) };
  return [...near, ...(gateways.length > 0 ? [far] : [])].sort((a, b) => a.priority - b.priority);
}

/** A label may be `key=value`: then it is compared with that value. One that both lack is equal too. */
function sharedLabels(labels: readonly string[], caller: Labels, endpoint: Endpoint): number {
  const other: Labels = { ...endpoint.labels, ...topology(endpoint) };
  const differs = labels.findIndex((label) => {
    const [key = '', value] = label.split('=', 2);
    return (value ?? caller[key] ?? '') !== (other[key] ?? '');
  });
  return differs === -1 ? labels.length : differs;
}

/** What labels of the topology say, whoever has it. */
function topology({ locality, network, cluster, nodeName }: Omit<Caller, 'labels' | 'networkView'>): Labels {
  return {
    'topology.kubernetes.io/region': locality.region,
    'topology.kubernetes.io/zone': locality.zone,
    'topology.istio.io/subzone': locality.subZone,
    'topology.istio.io/network': network,
    'topology.istio.io/cluster': cluster,
    'kubernetes.io/hostname': nodeName,
  };
}

/** Envoy wants priorities without gaps. */
function compacted(groups: readonly LocalityGroup[]): readonly LocalityGroup[] {
  const used = [...new Set(groups.map(({ priority }) => priority))].sort((a, b) => a - b);
  return groups.map((group) => ({ ...group, priority: used.indexOf(group.priority) }));
}

/** Endpoints by locality, in the order of their texts; those of one locality stay in the given order. */
export function byLocality(endpoints: readonly Endpoint[]): readonly LocalityGroup[] {
  const groups = Map.groupBy(endpoints, ({ locality }) => localityText(locality));
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, members]) => ({
      locality: members[0]?.locality ?? { region: '', zone: '', subZone: '' },
      endpoints: members,
      gateways: [],
      weight: sumOfWeights(members),
      priority: 0,
    }));
}

/** As far as Envoy's 32 bits hold it. */
export function sumOfWeights(items: readonly { readonly weight: number }[]): number {
  return Math.min(
    items.reduce((sum, { weight }) => sum + weight, 0),
    maxWeight,
  );
}

export const maxWeight = 0xffff_ffff;
