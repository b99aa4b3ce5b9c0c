import type { TrafficPolicy } from '../../config/networking/destination-rule.ts';
import type { ConnectionPool } from '../../config/networking/destination-rule-connection-pool.ts';
import type { CircuitBreakers_ThresholdsSchema, CircuitBreakersSchema } from '../../gen/envoy/config/cluster/v3/circuit_breaker_pb.js';
import { durationOf } from '../duration.ts';
import type { Init } from '../init.ts';

/** Envoy's own limits (1024 connections) would break meshes that never set any, so "no limit" is written out: the largest 32-bit number. */
const unlimited = 0xffff_ffff;

/** How much at once may be on its way to a cluster. */
export function circuitBreakers(pool: ConnectionPool = {}, budget?: TrafficPolicy['retryBudget']): Init<typeof CircuitBreakersSchema> {
  const { tcp = {}, http = {} } = pool;
  const threshold: Init<typeof CircuitBreakers_ThresholdsSchema> = {
    maxConnections: limit(tcp.maxConnections),
    maxPendingRequests: limit(http.http1MaxPendingRequests),
    maxRequests: limit(http.http2MaxRequests),
    maxRetries: limit(http.maxRetries),
    ...(budget && { retryBudget: retryBudget(budget) }),
  };
  return { thresholds: [threshold] };
}

function retryBudget({ percent = 20, minRetryConcurrency, budgetInterval }: RetryBudget): Budget {
  const interval = durationOf(budgetInterval ?? '');
  return {
    budgetPercent: { value: percent },
    minRetryConcurrency: minRetryConcurrency ?? 3,
    ...(interval && { budgetInterval: interval }),
  };
}

type RetryBudget = NonNullable<TrafficPolicy['retryBudget']>;
type Budget = NonNullable<Init<typeof CircuitBreakers_ThresholdsSchema>['retryBudget']>;

function limit(count: number | undefined): number {
  return count !== undefined && count > 0 ? count : unlimited;
}
