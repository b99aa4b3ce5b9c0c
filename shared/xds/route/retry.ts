/** What Envoy does after a failed try. @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry */

import { STATUS_CODES } from 'node:http';
import { create } from '@bufbuild/protobuf';
import type { HttpRetry } from '../../config/networking/virtual-service-retry.ts';
import type { RetryPolicySchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { PreviousHostsPredicateSchema } from '../../gen/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb.js';
import { PreviousPrioritiesConfigSchema } from '../../gen/envoy/extensions/retry/priority/previous_priorities/v3/previous_priorities_config_pb.js';
import { pack } from '../../lib/protobuf.ts';
import { durationOf } from '../duration.ts';
import type { Init } from '../init.ts';

type RetryPolicy = Init<typeof RetryPolicySchema>;

const defaultRetryOn = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';
const byStatusCode = 'retriable-status-codes';

/**
 * The policy of an outbound route; nothing where retries are turned off (`attempts: 0`).
 * @param retry of the route, or the mesh's default.
 * @param hosts `sticky`: consistent hashing chose the host, so that another one is no better for a retry.
 */
export function retryPolicy(retry: HttpRetry | undefined, hosts: 'any' | 'sticky'): RetryPolicy | undefined {
  const defaults: RetryPolicy = {
    numRetries: 2,
    retryOn: defaultRetryOn,
    hostSelectionRetryMaxAttempts: 5n,
    retryHostPredicate: hosts === 'any' ? previousHosts() : [],
  };
  if (!retry) return defaults;
  return (retry.attempts ?? 0) <= 0 ? undefined : { ...defaults, ...overrides(retry) };
}

/** The policy of an inbound route: only requests that never reached the application, unless the mesh says more. Never for gRPC. */
export function inboundRetryPolicy(retry: HttpRetry | undefined): RetryPolicy | undefined {
  const defaults: RetryPolicy = { numRetries: 2, retryOn: 'reset-before-request' };
  if (!retry) return defaults;
  return (retry.attempts ?? 0) <= 0 ? undefined : { ...defaults, ...overrides(retry) };
}

function overrides(retry: HttpRetry): RetryPolicy {
  const { attempts = 0, retryOn, perTryTimeout, backoff, retryRemoteLocalities, retryIgnorePreviousHosts } = retry;
  const policy: RetryPolicy = { numRetries: attempts };
  if (retryOn) Object.assign(policy, conditions(retryOn));
  if (perTryTimeout !== undefined) policy.perTryTimeout = durationOf(perTryTimeout);
  if (backoff !== undefined) policy.retryBackOff = { baseInterval: durationOf(backoff) };
  if (retryRemoteLocalities) policy.retryPriority = previousPriorities();
  if (retryIgnorePreviousHosts !== undefined) policy.retryHostPredicate = retryIgnorePreviousHosts ? previousHosts() : [];
  return policy;
}

/** Status codes among the conditions go into a list of their own. Istio compatibility: codes alone leave an empty condition, which Envoy skips. */
function conditions(retryOn: string): Pick<RetryPolicy, 'retryOn' | 'retriableStatusCodes'> {
  const parts = retryOn.split(',').map((part) => part.trim());
  const words = parts.filter((part) => part !== '' && !isStatusCode(part)).join(',');
  const codes = parts.filter(isStatusCode).map(Number);
  const isNamed = codes.length === 0 || words.includes(byStatusCode);
  return { retryOn: isNamed ? words : `${words},${byStatusCode}`, retriableStatusCodes: codes };
}

/** A number that HTTP has a name for; other words are Envoy's business. Node knows one that was never registered. */
function isStatusCode(word: string): boolean {
  return threeDigits.test(word) && STATUS_CODES[word] !== undefined && word !== unregisteredCode;
}

const unregisteredCode = '509';

const threeDigits = /^\d{3}$/;

function previousHosts(): NonNullable<RetryPolicy['retryHostPredicate']> {
  const value = pack(PreviousHostsPredicateSchema, create(PreviousHostsPredicateSchema));
  return [{ name: 'envoy.retry_host_predicates.previous_hosts', configType: { case: 'typedConfig', value } }];
}

/** The first retry may stay in the same priority, the second goes to the next one. */
function previousPriorities(): NonNullable<RetryPolicy['retryPriority']> {
  const value = pack(PreviousPrioritiesConfigSchema, create(PreviousPrioritiesConfigSchema, { updateFrequency: 2 }));
  return { name: 'envoy.retry_priorities.previous_priorities', configType: { case: 'typedConfig', value } };
}
