import { decode } from '../kube/decode.ts';
import { type Pod, pod as podSchema } from '../kube/pod.ts';
import { findOwner, type Owner } from '../kube/pod-owner.ts';
import { getAt, type PodPlace, podPlace, setAt } from '../kube/workload.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { InjectorConfig } from './config.ts';
import { type Decision, decide } from './decide.ts';
import { injectPod } from './inject-pod.ts';
import { effectiveProxyConfig } from './proxy-config.ts';

/** What became of one workload of a manifest. */
export interface WorkloadOutcome {
  /** `Kind "namespace/name"`. */
  readonly workload: string;
  readonly decision?: Decision;
  /** Why it is as it was, though it should have been injected. */
  readonly error?: string;
}

export interface ManifestOutcome {
  readonly object: JsonValue;
  readonly workloads: readonly WorkloadOutcome[];
}

/**
 * Injects the pods that one object of a manifest makes: every kind of workload, and lists of them. Any other object comes back as it is. The
 * webhook's policy and selectors do not count: whoever gives a manifest wants it injected.
 */
export function injectManifest(object: JsonValue, config: InjectorConfig): ManifestOutcome {
  if (!isJsonObject(object)) return { object, workloads: [] };
  const items = object['items'];
  if (object['kind'] === 'List' && isJsonArray(items)) {
    const outcomes = items.map((item) => injectManifest(item, config));
    return {
      object: { ...object, items: outcomes.map((outcome) => outcome.object) },
      workloads: outcomes.flatMap(({ workloads }) => workloads),
    };
  }
  const place = podPlace(object);
  return place ? injectWorkload(object, place, config) : { object, workloads: [] };
}

function injectWorkload(object: JsonObject, place: PodPlace, config: InjectorConfig): ManifestOutcome {
  const owner = workloadOf(object);
  const workload = `${owner.kind} "${owner.namespace}/${owner.name}"`;
  const raw = { metadata: getAt(object, place.metadata) ?? {}, spec: getAt(object, place.spec) ?? {} };
  const decoded = decode<Pod>(raw, podSchema, { zeros: 'drop' });
  if (!decoded.ok) return { object, workloads: [{ workload, error: decoded.error }] };
  const pod = decoded.value;
  const decision = decide(pod, { policy: 'enabled', neverInjectSelector: [], alwaysInjectSelector: [] });
  if (!decision.inject) return { object, workloads: [{ workload, decision }] };
  const injected = injectPod(
    {
      pod,
      owner: owner.kind === 'Pod' ? findOwner(pod) : owner,
      pathEnvironment: new Map(),
      proxyConfig: effectiveProxyConfig(pod, { mesh: config.mesh, resources: [] }),
    },
    config,
  );
  if (!injected.ok) return { object, workloads: [{ workload, decision, error: injected.error }] };
  const { metadata, spec } = injected.value;
  const withMetadata = setAt(object, place.metadata, (metadata ?? {}) as JsonObject);
  return { object: setAt(withMetadata, place.spec, (spec ?? {}) as JsonObject), workloads: [{ workload, decision }] };
}

function workloadOf(object: JsonObject): Owner {
  const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
  return {
    apiVersion: text(object['apiVersion']),
    kind: text(object['kind']),
    name: text(getAt(object, ['metadata', 'name'])),
    namespace: text(getAt(object, ['metadata', 'namespace'])),
  };
}
