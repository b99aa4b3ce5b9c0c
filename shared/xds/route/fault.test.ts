import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../test/fixtures/listeners.ts';
import type { HttpFault } from '../../config/networking/virtual-service-fault.ts';
import { HTTPFaultSchema } from '../../gen/envoy/extensions/filters/http/fault/v3/fault_pb.js';
import { faultConfig } from './fault.ts';
import { grpcStatusCode } from './grpc-status.ts';

describe('faults of a route', () => {
  it.each<[string, HttpFault, object]>([
    [
      'delay a part of the requests',
      { delay: { fixedDelay: '7s', percentage: { value: 12.5 } } },
      { delay: { fixedDelay: '7s', percentage: { numerator: 125000, denominator: 'MILLION' } } },
    ],
    ['delay nothing without a percentage', { delay: { fixedDelay: '0.100s' } }, { delay: { fixedDelay: '0.100s', percentage: {} } }],
    ['delay whole percents', { delay: { fixedDelay: '1s', percent: 20 } }, { delay: { fixedDelay: '1s', percentage: { numerator: 20 } } }],
    ['abort everything without a percentage', { abort: { httpStatus: 500 } }, { abort: { httpStatus: 500 } }],
    [
      'abort with a gRPC status',
      { abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 0.01 } } },
      { abort: { grpcStatus: 14, percentage: { numerator: 100, denominator: 'MILLION' } } },
    ],
    [
      'do both',
      { delay: { fixedDelay: '1s', percent: 1 }, abort: { httpStatus: 400, percentage: {} } },
      {
        delay: { fixedDelay: '1s', percentage: { numerator: 1 } },
        abort: { httpStatus: 400, percentage: { denominator: 'MILLION' } },
      },
    ],
  ])('%s', (_, fault, expected) => {
    const made = faultConfig(fault);
    expect(made.ok && jsonOf(HTTPFaultSchema, made.value)).toEqual(expected);
  });

  it.each<[HttpFault, RegExp]>([
    [{}, /neither a delay nor an abort/],
    [{ delay: { exponentialDelay: '1s' } }, /fixed length/],
    [{ abort: {} }, /abort only with/],
    [{ abort: { http2Error: 'x' } }, /abort only with/],
    [{ abort: { grpcStatus: 'NOPE' } }, /"NOPE" is no gRPC status/],
    [{ abort: { httpStatus: 600 } }, /200 to 599/],
    [{ abort: { httpStatus: 199 } }, /200 to 599/],
  ])('cannot be %j', (fault, reason) => {
    expect(faultConfig(fault)).toMatchObject({ ok: false, error: expect.stringMatching(reason) });
  });
});

describe('gRPC statuses', () => {
  it.each<[string, number | undefined]>([
    ['OK', 0],
    ['ABORTED', 10],
    ['UNAUTHENTICATED', 16],
    ['unavailable', undefined],
    ['', undefined],
  ])('%s', (name, expected) => {
    expect(grpcStatusCode(name)).toBe(expected);
  });
});
