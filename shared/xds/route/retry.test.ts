import { describe, expect, it } from 'vitest';
import { initJson } from '../../../test/fixtures/routes.ts';
import type { HttpRetry } from '../../config/networking/virtual-service-retry.ts';
import { RetryPolicySchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { inboundRetryPolicy, retryPolicy } from './retry.ts';

const otherHosts = [
  {
    name: 'envoy.retry_host_predicates.previous_hosts',
    typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate' },
  },
];
const defaults = {
  numRetries: 2,
  retryOn: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
  hostSelectionRetryMaxAttempts: '5',
};

function policyJson(retry: HttpRetry | undefined, hosts: 'any' | 'sticky' = 'any') {
  const policy = retryPolicy(retry, hosts);
  return policy && initJson(RetryPolicySchema, policy);
}

describe('retries of outbound routes', () => {
  it('are two on other hosts by default', () => {
    expect(policyJson(undefined)).toEqual({ ...defaults, retryHostPredicate: otherHosts });
  });

  it('stay on their host where it was chosen by a hash', () => {
    expect(policyJson(undefined, 'sticky')).toEqual(defaults);
  });

  it.each([[{ attempts: 0 }], [{}], [{ attempts: -1, retryOn: '5xx' }]])('are turned off by %j', (retry) => {
    expect(policyJson(retry)).toBeUndefined();
  });

  it.each<[string, HttpRetry, object]>([
    ['attempts', { attempts: 7 }, { numRetries: 7 }],
    ['perTryTimeout', { perTryTimeout: '0.250s' }, { perTryTimeout: '0.250s' }],
    ['backoff', { backoff: '0.050s' }, { retryBackOff: { baseInterval: '0.050s' } }],
    ['retryIgnorePreviousHosts', { retryIgnorePreviousHosts: true }, {}],
    ['retryRemoteLocalities: false', { retryRemoteLocalities: false }, {}],
  ])('take over %s', (_, retry, expected) => {
    expect(policyJson({ attempts: 2, ...retry })).toEqual({ ...defaults, retryHostPredicate: otherHosts, ...expected });
  });

  it('may go to the same host again', () => {
    expect(policyJson({ attempts: 2, retryIgnorePreviousHosts: false })).toEqual(defaults);
  });

  it('go to other priorities for retryRemoteLocalities', () => {
    expect(policyJson({ attempts: 1, retryRemoteLocalities: true }).retryPriority).toEqual({
      name: 'envoy.retry_priorities.previous_priorities',
      typedConfig: {
        '@type': 'type.googleapis.com/envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig',
        updateFrequency: 2,
      },
    });
  });

  it('ignore previous hosts even with a hash if they are told to', () => {
    expect(policyJson({ attempts: 1, retryIgnorePreviousHosts: true }, 'sticky').retryHostPredicate).toEqual(otherHosts);
  });

  it.each<[string, string, readonly number[] | undefined]>([
    ['5xx,reset', '5xx,reset', undefined],
    ['503', ',retriable-status-codes', [503]],
    ['509', '509', undefined],
    ['gateway-error,503,5xx,404', 'gateway-error,5xx,retriable-status-codes', [503, 404]],
    ['retriable-status-codes,503,reset', 'retriable-status-codes,reset', [503]],
    [' 5xx , 503,', '5xx,retriable-status-codes', [503]],
    ['299', '299', undefined],
    ['odd-word', 'odd-word', undefined],
  ])('read retryOn %j', (retryOn, words, codes) => {
    const json = policyJson({ attempts: 1, retryOn });
    expect([json.retryOn, json.retriableStatusCodes]).toEqual([words, codes]);
  });
});

describe('retries of inbound routes', () => {
  it('are only of requests that never reached the application', () => {
    expect(initJson(RetryPolicySchema, inboundRetryPolicy(undefined) ?? {})).toEqual({ numRetries: 2, retryOn: 'reset-before-request' });
  });

  it('follow the mesh, which may turn them off', () => {
    expect(initJson(RetryPolicySchema, inboundRetryPolicy({ attempts: 3, retryOn: '5xx' }) ?? {})).toEqual({
      numRetries: 3,
      retryOn: '5xx',
    });
    expect(inboundRetryPolicy({ attempts: 0 })).toBeUndefined();
  });
});
