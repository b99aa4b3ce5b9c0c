import type { Pod } from '../kube/pod.ts';
import { ok, type Result } from '../lib/result.ts';
import { annotation, label, proxyContainer } from './annotation-names.ts';
import type { InjectorConfig } from './config.ts';
import { updateContainer, withAnnotations } from './containers.ts';
import { orderContainers } from './order.ts';
import { probersVariable, rewriteProbes } from './probes.ts';
import { announceSecureMetrics, mergePrometheus, prometheusVariable } from './prometheus.ts';
import { holdsApplication } from './proxy-config.ts';
import { withRootCertificate } from './root-certificate.ts';
import { statusText } from './status.ts';

/** What comes after the templates, and needs what they made. */
export interface Rendered {
  readonly pod: Pod;
  /** What the templates alone say. */
  readonly template: Pod;
  /** Cluster and network, for the proxy's environment. */
  readonly environment: ReadonlyMap<string, string>;
}

/** Istio's order: each step reads what the one before wrote. */
export function postProcess({ pod, template, environment }: Rendered, config: InjectorConfig): Result<Pod> {
  const { mesh, values } = config;
  const statusPort = mesh.defaultConfig?.statusPort ?? 15020;
  const placed = setClusterEnvironment(pod, environment);
  const scraped = mergePrometheus(placed, { mergeByDefault: mesh.enablePrometheusMerge ?? true, statusPort });
  if (!scraped.ok) return scraped;
  const probed = rewriteProbes(announceSecureMetrics(scraped.value), { rewriteByDefault: values.rewriteAppHttpProbe, statusPort });
  const named = withRootCertificate(setMetadata(probed, template, environment, config), config.settings.rootCertificate);
  return ok({ ...named, spec: orderContainers(named.spec ?? {}, holdsApplication(named, mesh, values)) });
}

/**
 * Sorted at the end: what templates wrote under these names goes. A second injection finds behind it what later steps of the first one added, and
 * leaves that there.
 */
function setClusterEnvironment(pod: Pod, environment: ReadonlyMap<string, string>): Pod {
  if (environment.size === 0) return pod;
  const isSecond = pod.metadata?.annotations?.[annotation.status] !== undefined;
  const entries = [...environment.keys()].sort().map((name) => ({ name, value: environment.get(name) ?? '' }));
  return updateContainer(pod, proxyContainer, (container) => {
    const others = (container.env ?? []).filter((entry) => !environment.has(entry.name ?? ''));
    const later = isSecond ? others.findIndex((entry) => addedLater.has(entry.name)) : -1;
    return { ...container, env: others.toSpliced(later < 0 ? others.length : later, 0, ...entries) };
  });
}

const addedLater: ReadonlySet<string | undefined> = new Set([prometheusVariable, probersVariable]);

function setMetadata(pod: Pod, template: Pod, environment: ReadonlyMap<string, string>, config: InjectorConfig): Pod {
  const network = environment.get('ISTIO_META_NETWORK');
  const labels = { ...pod.metadata?.labels, ...(network !== undefined && { [label.network]: network }) };
  const annotated = withAnnotations(pod, { [annotation.status]: statusText(template, config.revision), ...config.injectedAnnotations });
  return { ...annotated, metadata: { ...annotated.metadata, labels } };
}
