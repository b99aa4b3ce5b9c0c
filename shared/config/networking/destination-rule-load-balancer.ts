import {
  bool,
  boolValue,
  duration,
  enumeration,
  type InferMessage,
  list,
  message,
  oneof,
  type ProtoScalar,
  string,
  uint32,
  uint32Value,
} from '../../lib/message.ts';
import { localityLbSetting } from '../mesh/connection.ts';

const name = 'istio.networking.v1alpha3.LoadBalancerSettings';
const hash = `${name}.ConsistentHashLB`;

/** Decimal text. */
const uint64: ProtoScalar<string> = { kind: 'uint64' };
const doubleValue: ProtoScalar<number> = { kind: 'double', isWrapper: true };

const httpCookie = message(`${hash}.HTTPCookie`, {
  name: string,
  path: string,
  /** Without one the cookie is only read, never made; `0s` makes one for the session. */
  ttl: duration,
  attributes: list(message(`${hash}.HTTPCookie.Attribute`, { name: string, value: string })),
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-ConsistentHashLB */
const consistentHash = message(hash, {
  ...oneof('HashKey', { httpHeaderName: string, httpCookie, useSourceIp: bool, httpQueryParameterName: string }),
  ...oneof('HashAlgorithm', {
    ringHash: message(`${hash}.RingHash`, { minimumRingSize: uint64 }),
    maglev: message(`${hash}.MagLev`, { tableSize: uint64 }),
  }),
  /** Deprecated: that of `ringHash`. */
  minimumRingSize: uint64,
});
export type ConsistentHash = InferMessage<typeof consistentHash>;

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
  zoneAwareLbSetting: message('istio.networking.v1alpha3.ZoneAwareLoadBalancerSetting', {
    failover: list(message('istio.networking.v1alpha3.ZoneAwareLoadBalancerSetting.Failover', { from: string, to: string })),
    failoverPriority: list(string),
    enabled: boolValue,
    minClusterSize: uint32,
  }),
  /** Deprecated: `warmup.duration`. */
  warmupDurationSecs: duration,
  warmup,
});
export type LoadBalancer = InferMessage<typeof loadBalancer>;
