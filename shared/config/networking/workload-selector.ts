/** Which workloads an object is for, by their labels. */

import { type Findings, warning } from '../../lib/finding.ts';
import { type InferMessage, map, message, string } from '../../lib/message.ts';
import { checkSelectorLabels } from '../type/selector-labels.ts';

/** Absent: all workloads that the object's namespace reaches. */
export const workloadSelector = message('istio.networking.v1alpha3.WorkloadSelector', { labels: map(string) });
export type WorkloadSelector = InferMessage<typeof workloadSelector>;

/** @param what the kind, as the warning calls it: `sidecar`. */
export function* checkWorkloadSelector(selector: WorkloadSelector, what: string): Findings {
  yield* checkSelectorLabels('labels', selector.labels);
  if (Object.keys(selector.labels ?? {}).length > 0) return;
  const message = `${what}: workload selector specified without labels, will be applied to all services in namespace`;
  yield warning('selector-without-labels', 'labels', message);
}
