import { compareText } from '../../lib/compare-text.ts';
import { error, type Findings, memberPath, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { type InferMessage, map, message, string } from '../../lib/message.ts';

/** Workloads that a policy is for. @see https://istio.io/latest/docs/reference/config/type/workload-selector/ */
export const workloadSelector = message('istio.type.v1beta1.WorkloadSelector', { matchLabels: map(string) });
export type WorkloadSelector = InferMessage<typeof workloadSelector>;

/** Labels are compared whole, so none may be empty or a pattern; without labels it stands for all workloads. Paths from the selector. */
export function* checkWorkloadSelector(selector: WorkloadSelector | undefined): Findings {
  if (selector === undefined) return;
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([left], [right]) => compareText(left, right));
  if (labels.length === 0) yield warning('selector-without-labels', 'matchLabels', 'workload selector specified without labels');
  for (const [key, value] of labels) {
    const path = memberPath('matchLabels', key);
    const text = quoted(`${key}=${value}`);
    if (key === '') yield error('selector-empty-key', path, `empty key is not supported in selector: ${text}`);
    if (text.includes('*')) yield error('selector-wildcard', path, `wildcard is not supported in selector: ${text}`);
  }
}
