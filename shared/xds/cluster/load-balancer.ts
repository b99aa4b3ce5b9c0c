import type { ConsistentHash } from '../../config/networking/destination-rule-hash.ts';
import type { LoadBalancer } from '../../config/networking/destination-rule-load-balancer.ts';
import { Cluster_LbPolicy, type Cluster_SlowStartConfigSchema, type ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { durationOf } from '../duration.ts';
import type { Init } from '../init.ts';

type ClusterInit = Init<typeof ClusterSchema>;
type LbFields = Pick<ClusterInit, 'lbPolicy' | 'lbConfig'>;

const { LEAST_REQUEST, MAGLEV, RANDOM, RING_HASH, ROUND_ROBIN } = Cluster_LbPolicy;
const defaultRingSize = 1024n;

/** Which of its endpoints a cluster takes for the next request; `PASSTHROUGH` is not decided here, it makes a cluster of another type. */
export function loadBalancing(settings: LoadBalancer = {}): LbFields {
  if (settings.consistentHash !== undefined) return hashing(settings.consistentHash);
  const slowStartConfig = slowStart(settings);
  switch (settings.simple) {
    case 'RANDOM':
      return { lbPolicy: RANDOM };
    case 'ROUND_ROBIN':
      return {
        lbPolicy: ROUND_ROBIN,
        ...(slowStartConfig && { lbConfig: { case: 'roundRobinLbConfig', value: { slowStartConfig } } }),
      };
    default:
      return {
        lbPolicy: LEAST_REQUEST,
        ...(slowStartConfig && { lbConfig: { case: 'leastRequestLbConfig', value: { slowStartConfig } } }),
      };
  }
}

/** New endpoints get little at first. `warmupDurationSecs` is the older form, which sets the window alone. */
function slowStart({ warmup, warmupDurationSecs }: LoadBalancer): Init<typeof Cluster_SlowStartConfigSchema> | undefined {
  const slowStartWindow = durationOf(warmup?.duration ?? warmupDurationSecs ?? '');
  if (slowStartWindow === undefined) return undefined;
  if (warmup === undefined) return { slowStartWindow };
  return {
    slowStartWindow,
    // Istio compatibility: the key is never set in the runtime, so the default counts.
    aggression: { defaultValue: warmup.aggression ?? 1, runtimeKey: '(' },
    minWeightPercent: { value: warmup.minimumPercent ?? 10 },
  };
}

function hashing({ ringHash, maglev, minimumRingSize }: ConsistentHash): LbFields {
  if (maglev !== undefined) {
    const tableSize = positive(maglev.tableSize);
    return { lbPolicy: MAGLEV, ...(tableSize !== undefined && { lbConfig: { case: 'maglevLbConfig', value: { tableSize } } }) };
  }
  const size = ringHash === undefined ? (positive(minimumRingSize) ?? defaultRingSize) : positive(ringHash.minimumRingSize);
  return { lbPolicy: RING_HASH, ...(size !== undefined && { lbConfig: { case: 'ringHashLbConfig', value: { minimumRingSize: size } } }) };
}

function positive(text = '0'): bigint | undefined {
  const count = BigInt(text);
  return count > 0n ? count : undefined;
}
