import { error, type Findings, warning } from '../../lib/finding.ts';
import type { InferMessage } from '../../lib/message.ts';
import { checkRetry } from '../networking/virtual-service-retry.ts';
import type { httpRetry } from './connection.ts';

type HttpRetry = InferMessage<typeof httpRetry>;

const prefix = 'invalid default inbound http retry policy: ';
/** They mean nothing where there is one endpoint: the workload itself. */
const ignoredFields = ['perTryTimeout', 'retryRemoteLocalities', 'retryIgnorePreviousHosts'] as const;

/** Rules of `MeshConfig.defaultInboundHttpRetryPolicy`. Paths from the policy. */
export function* checkInboundRetry(policy: HttpRetry): Findings {
  const { attempts = 0, backoff } = policy;
  for (const finding of checkRetry(policy))
    yield finding.severity === 'error' ? { ...finding, message: prefix + finding.message } : finding;
  if (attempts === 0 && backoff !== undefined) {
    yield error('retry-disabled', 'backoff', `${prefix}backoff configured when attempts are set to 0 (disabled)`);
  }
  for (const field of ignoredFields) {
    if (policy[field] !== undefined) yield warning('retry-ignored', field, `${field} is ignored by the default inbound http retry policy`);
  }
}
