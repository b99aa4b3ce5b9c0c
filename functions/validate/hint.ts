import type { AdmissionRequest } from '../../shared/kube/admissionreview.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import { objectAt } from '../../shared/lib/json.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import type { Hint, HintSink } from '../../shared/sources/hint.ts';

/** What an accepted review tells of the object that will be stored or deleted; nothing for a dry run, which changes none. */
export function hintOf({ operation, dryRun, kind, namespace, name, object, oldObject }: AdmissionRequest): Hint | undefined {
  if (dryRun || !isChange(operation)) return undefined;
  const metadata = objectAt(operation === 'DELETE' ? oldObject : object, 'metadata');
  const { generation, uid } = metadata;
  return {
    group: kind.group,
    kind: kind.kind,
    namespace,
    name: name || (typeof metadata['name'] === 'string' ? metadata['name'] : ''),
    uid: typeof uid === 'string' ? uid : '',
    generation: typeof generation === 'number' ? generation : 0,
    operation,
  };
}

function isChange(operation: string): operation is Hint['operation'] {
  return operation === 'CREATE' || operation === 'UPDATE' || operation === 'DELETE';
}

export interface HintOutput {
  readonly hints: HintSink;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Hands the hint over and returns; whether it arrives changes no answer. */
export function sendHint(hint: Hint, { hints, log, metrics }: HintOutput): void {
  const { operation, kind, namespace, name } = hint;
  const failed = (caught: unknown): void => {
    metrics.count('pilotless_hints_total', { operation, result: 'failed' });
    log.warn('hint could not be delivered', { kind, namespace, name, error: ControlPlaneError.from(caught) });
  };
  try {
    const sending = hints.send(hint);
    if (sending === undefined) metrics.count('pilotless_hints_total', { operation, result: 'sent' });
    else sending.then(() => metrics.count('pilotless_hints_total', { operation, result: 'sent' }), failed);
  } catch (caught) {
    failed(caught);
  }
}
