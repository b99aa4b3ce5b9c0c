import type { Container, Pod, PodSpec } from '../kube/pod.ts';
import { annotation } from './annotation-names.ts';
import type { Overrides } from './overrides.ts';
import type { InjectionStatus } from './status.ts';

/**
 * The pod as its user wrote it, for templates to look at: without what an earlier injection added, and with the user's own containers that it
 * recorded. The pod that is patched keeps everything; new settings are laid over old ones.
 */
export function strippedPod(pod: Pod, status: InjectionStatus | undefined, overrides: Overrides, statusPort: number): Pod {
  const spec = pod.spec ?? {};
  const containers = restored(spec.containers, status?.containers, overrides.containers);
  const initContainers = restored(spec.initContainers, status?.initContainers, overrides.initContainers);
  const strippedSpec: PodSpec = { ...spec, ...(containers && { containers }), ...(initContainers && { initContainers }) };
  const stripped: Pod = { ...pod, spec: strippedSpec };
  return status ? { ...stripped, metadata: { ...pod.metadata, annotations: strippedAnnotations(pod, statusPort) } } : stripped;
}

function restored(
  containers: readonly Container[] | undefined,
  injected: readonly string[] | null | undefined,
  recorded: readonly Container[],
): readonly Container[] | undefined {
  const own = injected ? containers?.filter((container) => !injected.includes(container.name ?? '')) : containers;
  const missing = recorded.filter((entry) => !own?.some((container) => container.name === entry.name));
  return missing.length === 0 ? own : [...(own ?? []), ...missing];
}

const scrapeAnnotations: ReadonlySet<string> = new Set([
  annotation.prometheusScrape,
  annotation.prometheusPort,
  annotation.prometheusPath,
  annotation.prometheusTargets,
]);

/** Scrape annotations that point at the agent are ours, not the user's. */
function strippedAnnotations(pod: Pod, statusPort: number): Readonly<Record<string, string>> {
  const annotations = pod.metadata?.annotations ?? {};
  const scrapesAgent = annotations[annotation.prometheusPort] === String(statusPort);
  const isOurs = (name: string): boolean => name === annotation.status || (scrapesAgent && scrapeAnnotations.has(name));
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !isOurs(name)));
}
