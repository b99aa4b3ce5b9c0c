import { bool, duration, type InferMessage, int32, list, message, protoNamed, uint32, uint32Value } from '../../lib/message.ts';

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
