import type { Pod } from '../kube/pod.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { layOver, type MergedPod, mergeTemplate } from './lay-over.ts';
import { moveProxyToInitContainers } from './overrides.ts';
import type { PodOverlay, Template, TemplateInput } from './template/index.ts';

export interface MergeOptions {
  /** Whether a proxy container that the user wrote follows the template's into the init containers. */
  readonly movesProxy: boolean;
}

/** Renders the templates from the same input and lays them, one after the other, over the pod. */
export function renderAndMerge(pod: Pod, templates: readonly Template[], input: TemplateInput, options: MergeOptions): Result<MergedPod> {
  let result: MergedPod = { merged: pod, template: {} };
  for (const render of templates) {
    const overlay = render(input);
    if (!overlay.ok) return overlay;
    const template = mergeTemplate(result.template, overlay.value);
    if (!template.ok) return fail(`failed applying injection overlay: ${template.error}`);
    const base = options.movesProxy ? moveProxyToInitContainers(result.merged, template.value) : result.merged;
    const merged = layOver(base, overlay.value);
    if (!merged.ok) return overlayFailure(result.template, overlay.value, merged.error);
    result = { merged: merged.value, template: template.value };
  }
  return ok(result);
}

/** An overlay that is wrong in itself is told apart from one that only does not fit the pod. */
function overlayFailure(template: Pod, overlay: PodOverlay, error: string): Result<never> {
  const alone = layOver(template, overlay);
  if (!alone.ok) return fail(`failed applying injection overlay: ${alone.error}`);
  return fail(`failed parsing generated injected YAML (check Istio sidecar injector configuration): ${error}`);
}
