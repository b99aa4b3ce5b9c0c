import { duration, type InferMessage, int32, message, oneof, string } from '../../lib/message.ts';
import { percent } from './virtual-service-percent.ts';

const name = 'istio.networking.v1alpha3.HTTPFaultInjection';

const delay = message(`${name}.Delay`, {
  /** Deprecated: whole percents. */
  percent: int32,
  ...oneof('HttpDelayType', { fixedDelay: duration, exponentialDelay: duration }),
  percentage: percent,
});
export type FaultDelay = InferMessage<typeof delay>;

const abort = message(`${name}.Abort`, {
  ...oneof('ErrorType', { httpStatus: int32, grpcStatus: string, http2Error: string }),
  percentage: percent,
});
export type FaultAbort = InferMessage<typeof abort>;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection */
export const httpFault = message(name, { delay, abort });
export type HttpFault = InferMessage<typeof httpFault>;
