import type { Pod } from '../kube/pod.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { layOver, type MergedPod } from './lay-over.ts';
import { moveProxyToInitContainers } from './overrides.ts';
import type { Template, TemplateInput } from './template/index.ts';

export interface MergeOptions {
  /** Whether a proxy container that the user wrote follows the template's into the init containers. */
  readonly movesProxy: boolean;
}

/** Renders the templates from the same input and lays them, one after the other, over the pod. */
export function renderAndMerge(pod: Pod, templates: readonly Template[], input: TemplateInput, options: MergeOptions): Result<MergedPod> {
  let result: MergedPod = { merged: pod, template: {} };
  for (const template of templates) {
    const overlay = template(input);
    if (!overlay.ok) return overlay;
    const templatePod = layOver(result.template, overlay.value);
    if (!templatePod.ok) return fail(`failed applying injection overlay: ${templatePod.error}`);
    const base = options.movesProxy ? moveProxyToInitContainers(result.merged, templatePod.value) : result.merged;
    const merged = layOver(base, overlay.value);
    if (!merged.ok) {
      return fail(`failed parsing generated injected YAML (check Istio sidecar injector configuration): ${merged.error}`);
    }
    result = { merged: merged.value, template: templatePod.value };
  }
  return ok(result);
}
