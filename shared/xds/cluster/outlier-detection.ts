import type { OutlierDetection } from '../../config/networking/destination-rule-outlier-detection.ts';
import type { OutlierDetectionSchema } from '../../gen/envoy/config/cluster/v3/outlier_detection_pb.js';
import { durationOf } from '../duration.ts';
import type { Init } from '../init.ts';

type Ejection = Init<typeof OutlierDetectionSchema>;

/**
 * When endpoints are left out for a while. A count of 0 turns its check off. Success rates are never looked at: Istio has no setting for them.
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
 */
export function outlierDetection(rule: OutlierDetection): Ejection {
  const { consecutive5xxErrors, consecutiveGatewayErrors, maxEjectionPercent = 0 } = rule;
  const interval = rule.interval === undefined ? undefined : durationOf(rule.interval);
  const baseEjectionTime = rule.baseEjectionTime === undefined ? undefined : durationOf(rule.baseEjectionTime);
  return {
    enforcingSuccessRate: 0,
    ...(consecutive5xxErrors !== undefined && {
      consecutive5xx: consecutive5xxErrors,
      enforcingConsecutive5xx: enforced(consecutive5xxErrors),
    }),
    ...(consecutiveGatewayErrors !== undefined && {
      consecutiveGatewayFailure: consecutiveGatewayErrors,
      enforcingConsecutiveGatewayFailure: enforced(consecutiveGatewayErrors),
    }),
    ...(interval && { interval }),
    ...(baseEjectionTime && { baseEjectionTime }),
    ...(maxEjectionPercent > 0 && { maxEjectionPercent }),
    ...(rule.splitExternalLocalOriginErrors === true && localErrors(rule)),
  };
}

/** Errors of the connection itself, counted apart from those that the service answers. */
function localErrors({ consecutiveLocalOriginFailures: count = 0 }: OutlierDetection): Ejection {
  return {
    splitExternalLocalOriginErrors: true,
    enforcingLocalOriginSuccessRate: 0,
    ...(count > 0 && { consecutiveLocalOriginFailure: count, enforcingConsecutiveLocalOriginFailure: 100 }),
  };
}

function enforced(count: number): number {
  return count > 0 ? 100 : 0;
}
