import { decode } from '../kube/decode.ts';
import { type Pod, pod as podSchema } from '../kube/pod.ts';
import { strategicMerge } from '../kube/strategic-merge.ts';
import { fail, ok, type Result } from '../lib/result.ts';

/** What rendering leads to: the pod as it will be, and what the templates alone say. */
export interface MergedPod {
  readonly merged: Pod;
  readonly template: Pod;
}

/** Strategic merge, read back as a pod: what the type does not know is gone, and quantities are canonical. */
export function layOver(base: Pod, overlay: unknown): Result<Pod> {
  const laid = strategicMerge(base, overlay, podSchema);
  if (!laid.ok) return fail(`strategic merge: ${laid.error}`);
  return decode<Pod>(laid.value, podSchema, { zeros: 'drop', known: base });
}

/** What templates alone say is only asked for names, so it is merged and not read. */
export function mergeTemplate(template: Pod, overlay: unknown): Result<Pod> {
  const merged = strategicMerge(template, overlay, podSchema);
  return merged.ok ? ok(merged.value as Pod) : fail(`strategic merge: ${merged.error}`);
}
