import type { Pod } from '../kube/pod.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { annotation } from './annotation-names.ts';
import type { Template } from './template/index.ts';

/** Which templates there are, and which a pod gets that does not say. */
export interface TemplateSettings {
  readonly templates: ReadonlyMap<string, Template>;
  /** Names that stand for one or several templates; not followed further. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly defaultTemplates: readonly string[];
}

/** The templates of annotation `inject.istio.io/templates`, else the configured ones, else `sidecar`. */
export function chooseTemplates(pod: Pod, settings: TemplateSettings): Result<readonly Template[]> {
  const asked = pod.metadata?.annotations?.[annotation.templates]?.split(',').map((name) => name.trim());
  const byDefault = settings.defaultTemplates.length > 0 ? settings.defaultTemplates : ['sidecar'];
  const names = (asked ?? byDefault).flatMap((name) => (Object.hasOwn(settings.aliases, name) ? (settings.aliases[name] ?? []) : [name]));
  const chosen: Template[] = [];
  for (const name of names) {
    const template = settings.templates.get(name);
    if (!template) return fail(`requested template "${name}" not found; have ${[...settings.templates.keys()].sort().join(', ')}`);
    chosen.push(template);
  }
  return ok(chosen);
}
