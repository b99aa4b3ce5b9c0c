/** Load balancing by where endpoints are: regions, zones, subzones. */

import { each, error, type Findings, warning } from '../../lib/finding.ts';
import type { InferMessage } from '../../lib/message.ts';
import type { localityLbSetting } from './connection.ts';
import { localitiesProblem } from './locality-overlap.ts';

type LocalityLb = InferMessage<typeof localityLbSetting>;
type Distribute = NonNullable<LocalityLb['distribute']>[number];

/** Where traffic of a region goes when its own endpoints are gone. */
type RegionFailover = NonNullable<LocalityLb['failover']>[number];

const topologyLabels = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** @param detectsOutliers whether endpoints that fail are left out, without which nothing ever fails over. */
export function* checkLocalityLb(
  { distribute = [], failover = [], failoverPriority = [] }: LocalityLb,
  detectsOutliers: boolean,
): Findings {
  if (distribute.length > 0 && failover.length > 0) {
    yield error('locality-both', '', "can not simultaneously specify 'distribute' and 'failover'");
    return;
  }
  const label = failover.length > 0 ? failoverPriority.find((name) => topologyLabels.includes(name)) : undefined;
  if (label !== undefined) {
    const message = `can not simultaneously set 'failover' and topology label '${label}' in 'failover_priority'`;
    yield error('locality-priority', 'failoverPriority', message);
    return;
  }
  const wrong = distributionProblem(distribute);
  if (wrong !== undefined) {
    yield error('locality-distribution', 'distribute', wrong);
    return;
  }
  yield* warnWithoutOutliers(failover.length + failoverPriority.length, detectsOutliers);
  yield* each('failover', failover, (one) => checkFailover(one, localityWords));
}

/** The first thing that is wrong with shares of traffic. */
function distributionProblem(distribute: readonly Distribute[]): string | undefined {
  for (const { to = {} } of distribute) {
    const problem = sharesProblem(to) ?? localitiesProblem(Object.keys(to));
    if (problem !== undefined) return problem;
  }
  return localitiesProblem(distribute.map(({ from = '' }) => from));
}

function sharesProblem(to: Readonly<Record<string, number>>): string | undefined {
  const weights = Object.values(to);
  if (weights.some((weight) => weight < 1 || weight > 100)) return 'locality weight must be in range [1, 100]';
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return total === 100 ? undefined : `total locality weight ${total} != 100`;
}

function* warnWithoutOutliers(failovers: number, detectsOutliers: boolean): Findings {
  if (failovers === 0 || detectsOutliers) return;
  yield warning('failover-without-outliers', '', 'outlier detection policy must be provided for failover');
}

interface FailoverWords {
  readonly same: string;
  readonly notRegion: string;
  readonly wildcard: string;
}

const localityWords: FailoverWords = {
  same: 'locality lb failover settings must specify different regions',
  notRegion: 'locality lb failover only specify region',
  wildcard: "locality lb failover region should not contain '*' wildcard",
};

const zoneWords: FailoverWords = {
  same: 'zone aware lb failover settings must specify different regions',
  notRegion: 'zone aware lb failover only specifies region; zone and subzone failover are handled automatically',
  wildcard: "zone aware lb failover region should not contain '*' wildcard",
};

function* checkFailover({ from = '', to = '' }: RegionFailover, words: FailoverWords): Findings {
  if (from === to) yield error('failover-same', 'to', words.same);
  if (from.includes('/') || to.includes('/')) yield error('failover-region', '', words.notRegion);
  if (from.includes('*') || to.includes('*')) yield error('failover-wildcard', '', words.wildcard);
}

interface ZoneAwareLb {
  readonly failover?: readonly RegionFailover[];
  readonly failoverPriority?: readonly string[];
}

/** Zone-aware balancing knows the topology by itself. @param detectsOutliers as for {@link checkLocalityLb} */
export function* checkZoneAwareLb({ failover = [], failoverPriority = [] }: ZoneAwareLb, detectsOutliers: boolean): Findings {
  for (const [index, label] of failoverPriority.entries()) {
    if (!topologyLabels.includes(label)) continue;
    const rule = `'failover_priority' for zone aware lb must not use topology label '${label}'`;
    yield error('zone-aware-priority', `failoverPriority[${index}]`, `${rule}; region- and zone-level routing are handled automatically`);
  }
  yield* warnWithoutOutliers(failover.length + failoverPriority.length, detectsOutliers);
  yield* each('failover', failover, (one) => checkFailover(one, zoneWords));
}
