import { at, error, errorIf, errorsOf, type Findings, warning } from '../../lib/finding.ts';
import { goNumberText } from '../../lib/go-number.ts';
import { quoted } from '../../lib/go-quote.ts';
import { httpStatusProblem } from '../../lib/http-status.ts';
import { duration, type InferMessage, int32, message, oneof, string } from '../../lib/message.ts';
import { checkDuration } from '../duration-field.ts';
import { type Percent, percent } from './virtual-service-percent.ts';

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

export function* checkFault({ delay: given, abort: broken }: HttpFault): Findings {
  if (!given && !broken) {
    yield { ...error('fault-empty', '', 'HTTP fault injection must have an abort and/or a delay'), isCounted: true };
  }
  if (broken) yield* errorsOf(at('abort', checkAbort(broken)));
  if (given) yield* at('delay', checkDelay(given));
}

function* checkAbort({ percentage, httpStatus, grpcStatus, http2Error }: FaultAbort): Findings {
  yield* errorIf('percentage', 'percentage', shareProblem(percentage));
  if (httpStatus !== undefined) yield* errorIf('http-status', 'httpStatus', httpStatusProblem(httpStatus));
  else if (grpcStatus !== undefined) yield* checkGrpcStatus(grpcStatus);
  else if (http2Error !== undefined) yield error('http2-error', 'http2Error', 'HTTP/2 abort fault injection not supported yet');
  else yield warning('abort-without-error', '', 'abort configured, but error type not set');
}

function* checkGrpcStatus(status: string): Findings {
  if (grpcStatuses.has(status)) return;
  const where = 'See https://github.com/grpc/grpc/blob/master/doc/statuscodes.md';
  const message = `gRPC status ${quoted(status)} is not supported. ${where} for a list of supported codes, for example 'NOT_FOUND'`;
  yield error('grpc-status', 'grpcStatus', message);
}

function* checkDelay({ percentage, fixedDelay, exponentialDelay }: FaultDelay): Findings {
  yield* errorIf('percentage', 'percentage', shareProblem(percentage));
  yield* checkDuration('fixedDelay', fixedDelay);
  yield* checkDuration('exponentialDelay', exponentialDelay);
  if (exponentialDelay !== undefined) {
    yield { ...error('exponential-delay', 'exponentialDelay', 'exponentialDelay not supported yet'), isCounted: true };
  }
}

/** Envoy counts in ten-thousandths. */
function shareProblem(percentage: Percent | undefined): string | undefined {
  const share = percentage?.value ?? 0;
  if (share === 0 || (share >= 0.0001 && share <= 100)) return undefined;
  return `percentage ${goNumberText(share)} is neither 0.0, nor in range [0.0001, 100.0]`;
}

const grpcStatuses = new Set([
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]);
