import { error, type Findings } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import type { InferMessage } from '../../lib/message.ts';
import { checkDuration } from '../duration-field.ts';
import { httpRetry } from '../mesh/connection.ts';

export { httpRetry };
/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry */
export type HttpRetry = InferMessage<typeof httpRetry>;

export function* checkRetry(retry: HttpRetry): Findings {
  const { attempts = 0, perTryTimeout, retryOn = '', retryRemoteLocalities, backoff } = retry;
  if (attempts < 0) yield { ...error('retry-attempts', 'attempts', 'attempts cannot be negative'), isCounted: true };
  if (attempts === 0 && (perTryTimeout !== undefined || retryOn !== '' || retryRemoteLocalities !== undefined)) {
    yield error('retry-disabled', 'attempts', 'http retry policy configured when attempts are set to 0 (disabled)');
  }
  yield* checkDuration('perTryTimeout', perTryTimeout);
  for (const condition of retryOn === '' ? [] : retryOn.split(',')) {
    if (!isRetryCondition(condition)) yield error('retry-on', 'retryOn', `${quoted(condition)} is not a valid retryOn policy`);
  }
  yield* checkDuration('backoff', backoff);
}

/**
 * Of HTTP, then of gRPC.
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on
 */
const retryConditions = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

const statusForm = /^[+-]?[0-9]{1,5}$/;
/** Status codes that have a name, as ranges. @see https://www.iana.org/assignments/http-status-codes */
const namedStatuses: readonly (readonly [number, number])[] = [
  [100, 103],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
];

function isRetryCondition(condition: string): boolean {
  if (retryConditions.has(condition)) return true;
  const status = statusForm.test(condition) ? Number(condition) : 0;
  return namedStatuses.some(([first, last]) => status >= first && status <= last);
}
