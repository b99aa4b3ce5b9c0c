import { at, error, type Findings } from '../../lib/finding.ts';
import {
  duration,
  enumeration,
  type InferMessage,
  list,
  message,
  oneof,
  type ProtoScalar,
  string,
  uint32Value,
} from '../../lib/message.ts';
import { checkDuration } from '../duration-field.ts';
import { localityLbSetting, zoneAwareLbSetting } from '../mesh/connection.ts';
import { checkLocalityLb, checkZoneAwareLb } from '../mesh/locality-lb.ts';
import { checkConsistentHash, consistentHash } from './destination-rule-hash.ts';

const name = 'istio.networking.v1alpha3.LoadBalancerSettings';

const doubleValue: ProtoScalar<number> = { kind: 'double', isWrapper: true };

const warmup = message('istio.networking.v1alpha3.WarmupConfiguration', {
  duration,
  minimumPercent: doubleValue,
  aggression: doubleValue,
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings */
export const loadBalancer = message(name, {
  ...oneof('LbPolicy', {
    simple: enumeration(`${name}.SimpleLB`, ['UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST']),
    consistentHash,
    backendUtilization: message(`${name}.BackendUtilizationLB`, {
      metricNamesForComputingUtilization: list(string),
      errorUtilizationPenaltyPercent: uint32Value,
      weightExpirationPeriod: duration,
      weightStabilizationPeriod: duration,
      weightUpdatePeriod: duration,
    }),
  }),
  localityLbSetting,
  zoneAwareLbSetting,
  /** Deprecated: `warmup.duration`. */
  warmupDurationSecs: duration,
  warmup,
});
export type LoadBalancer = InferMessage<typeof loadBalancer>;

/** @param detectsOutliers whether the same policy has outlier detection: without it nothing ever fails over. */
export function* checkLoadBalancer(settings: LoadBalancer, detectsOutliers: boolean): Findings {
  if (settings.consistentHash) yield* at('consistentHash', checkConsistentHash(settings.consistentHash));
  const { localityLbSetting: locality, zoneAwareLbSetting: zoneAware } = settings;
  if (locality && zoneAware) {
    yield error('locality-and-zone', '', 'only one of localityLbSetting and zoneAwareLbSetting can be set');
  }
  if (locality) yield* at('localityLbSetting', checkLocalityLb(locality, detectsOutliers));
  if (zoneAware) yield* at('zoneAwareLbSetting', checkZoneAwareLb(zoneAware, detectsOutliers));
  if (settings.warmup) yield* at('warmup', checkWarmup(settings.warmup));
}

function* checkWarmup(settings: NonNullable<LoadBalancer['warmup']>): Findings {
  if (settings.duration === undefined) yield error('warmup-duration', 'duration', 'duration is required');
  yield* checkDuration('duration', settings.duration);
  if ((settings.minimumPercent ?? 0) > 100) {
    yield error('warmup-percent', 'minimumPercent', 'minimumPercent value should be less than or equal to 100');
  }
  if ((settings.aggression ?? 1) <= 0) yield error('warmup-aggression', 'aggression', 'aggression should be greater than 0');
}
