/** Which workloads an object is for, by their labels. */

import { error, type Findings, memberPath, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { type InferMessage, map, message, string } from '../../lib/message.ts';

/** Absent: all workloads that the object's namespace reaches. */
export const workloadSelector = message('istio.networking.v1alpha3.WorkloadSelector', { labels: map(string) });
export type WorkloadSelector = InferMessage<typeof workloadSelector>;

type Labels = Readonly<Record<string, string>>;

/** Labels of a selector are compared as they are. */
function* checkSelectorLabels(field: string, labels: Labels | undefined): Findings {
  for (const [key, value] of Object.entries(labels ?? {})) {
    const shown = quoted(`${key}=${value}`);
    if (key === '') yield error('selector-key', memberPath(field, key), `empty key is not supported in selector: ${shown}`);
    if (key.includes('*') || value.includes('*')) {
      yield error('selector-wildcard', memberPath(field, key), `wildcard is not supported in selector: ${shown}`);
    }
  }
}

/** @param what the kind, as the warning calls it: `sidecar`. */
export function* checkWorkloadSelector(selector: WorkloadSelector, what: string): Findings {
  yield* checkSelectorLabels('labels', selector.labels);
  if (Object.keys(selector.labels ?? {}).length > 0) return;
  const message = `${what}: workload selector specified without labels, will be applied to all services in namespace`;
  yield warning('selector-without-labels', 'labels', message);
}
