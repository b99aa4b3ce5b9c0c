import { error, errorIf, type Findings, warning } from '../../lib/finding.ts';
import { bool, duration, type InferMessage, int32, list, message, protoNamed, uint32, uint32Value } from '../../lib/message.ts';
import { checkDuration } from '../duration-field.ts';

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection */
export const outlierDetection = message('istio.networking.v1alpha3.OutlierDetection', {
  consecutiveErrors: int32,
  splitExternalLocalOriginErrors: bool,
  consecutiveLocalOriginFailures: uint32Value,
  consecutiveGatewayErrors: uint32Value,
  consecutive5xxErrors: protoNamed(uint32Value, 'consecutive_5xx_errors'),
  interval: duration,
  baseEjectionTime: duration,
  maxEjectionPercent: int32,
  minHealthPercent: int32,
  outlierDetectionHttpErrorCodes: list(uint32),
});
export type OutlierDetection = InferMessage<typeof outlierDetection>;

export function* checkOutlierDetection(outlier: OutlierDetection): Findings {
  yield* checkDuration('baseEjectionTime', outlier.baseEjectionTime);
  if (outlier.consecutiveErrors) {
    const message = 'outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead';
    yield warning('outlier-deprecated', 'consecutiveErrors', message);
  }
  if (!outlier.splitExternalLocalOriginErrors && (outlier.consecutiveLocalOriginFailures ?? 0) > 0) {
    const message =
      'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false';
    yield error('outlier-local-origin', 'consecutiveLocalOriginFailures', message);
  }
  yield* checkDuration('interval', outlier.interval);
  yield* errorIf('percent', 'maxEjectionPercent', percentProblem(outlier.maxEjectionPercent ?? 0));
  yield* errorIf('percent', 'minHealthPercent', percentProblem(outlier.minHealthPercent ?? 0));
}

function percentProblem(percent: number): string | undefined {
  return percent >= 0 && percent <= 100 ? undefined : `percentage ${percent} is not in range 0..100`;
}
