import { type Findings, warning } from '../../lib/finding.ts';
import { type InferMessage, map, message, string } from '../../lib/message.ts';
import { checkSelectorLabels } from './selector-labels.ts';

/** Workloads that a policy is for. @see https://istio.io/latest/docs/reference/config/type/workload-selector/ */
export const workloadSelector = message('istio.type.v1beta1.WorkloadSelector', { matchLabels: map(string) });
export type WorkloadSelector = InferMessage<typeof workloadSelector>;

/** Without labels it stands for all workloads. Paths from the selector. */
export function* checkWorkloadSelector(selector: WorkloadSelector | undefined): Findings {
  if (selector === undefined) return;
  const { matchLabels = {} } = selector;
  yield* checkSelectorLabels('matchLabels', matchLabels);
  if (Object.keys(matchLabels).length === 0)
    yield warning('selector-without-labels', 'matchLabels', 'workload selector specified without labels');
}
