import { create } from '@bufbuild/protobuf';
import type { FaultAbort, FaultDelay, HttpFault } from '../../config/networking/virtual-service-fault.ts';
import { type HTTPFault, HTTPFaultSchema } from '../../gen/envoy/extensions/filters/http/fault/v3/fault_pb.js';
import { fail, ok, type Result } from '../../lib/result.ts';
import { durationOf } from '../duration.ts';
import type { Init } from '../init.ts';
import { grpcStatusCode } from './grpc-status.ts';
import { fractionalPercent, wholePercent } from './percent.ts';

type Fault = Init<typeof HTTPFaultSchema>;

/**
 * Faults that the route injects. Istio compatibility: a delay without a percentage delays nothing, an abort without one aborts everything.
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection
 */
export function faultConfig({ delay, abort }: HttpFault): Result<HTTPFault> {
  const aborts = abort ? faultAbort(abort) : ok(undefined);
  if (!aborts.ok) return aborts;
  if (delay && delay.fixedDelay === undefined) return fail('Envoy has only delays of a fixed length: set delay.fixedDelay');
  if (!(delay || abort)) return fail('there is neither a delay nor an abort');
  return ok(create(HTTPFaultSchema, { ...(delay && { delay: faultDelay(delay) }), ...(aborts.value && { abort: aborts.value }) }));
}

function faultDelay({ fixedDelay = '', percentage, percent = 0 }: FaultDelay): NonNullable<Fault['delay']> {
  const value = durationOf(fixedDelay);
  return {
    ...(value && { faultDelaySecifier: { case: 'fixedDelay', value } }),
    percentage: percentage ? fractionalPercent(percentage) : wholePercent(percent),
  };
}

function faultAbort({ httpStatus, grpcStatus, percentage }: FaultAbort): Result<NonNullable<Fault['abort']>> {
  const part = percentage ? { percentage: fractionalPercent(percentage) } : {};
  if (httpStatus !== undefined) {
    const isKnown = httpStatus >= 200 && httpStatus < 600;
    if (!isKnown) return fail(`Envoy cannot abort with HTTP status ${httpStatus}: take one from 200 to 599`);
    return ok({ errorType: { case: 'httpStatus', value: httpStatus }, ...part });
  }
  if (grpcStatus === undefined) return fail('Envoy can abort only with an HTTP or a gRPC status: set abort.httpStatus or abort.grpcStatus');
  const value = grpcStatusCode(grpcStatus);
  if (value === undefined) return fail(`${JSON.stringify(grpcStatus)} is no gRPC status`);
  return ok({ errorType: { case: 'grpcStatus', value }, ...part });
}
