import { checkProxyConfig } from '../config/mesh/check-proxy-config.ts';
import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import {
  applyProxyConfig,
  decodeProxyConfig,
  defaultProxyConfig,
  layerProxyConfig,
  type ProxyConfig,
} from '../config/mesh/proxy-config.ts';
import { type LabelSelector, selects } from '../kube/label-selector.ts';
import type { Pod } from '../kube/pod.ts';
import { parseKubeYaml } from '../kube/yaml.ts';
import { memo } from '../lib/memo.ts';
import type { Result } from '../lib/result.ts';
import { annotation } from './annotation-names.ts';
import type { InjectValues } from './values.ts';

/** A `ProxyConfig` custom resource, as far as injection reads it. @see https://istio.io/latest/docs/reference/config/networking/proxy-config/ */
export interface ProxyConfigResource {
  readonly namespace: string;
  readonly name: string;
  /** RFC 3339; of several that apply alike the oldest wins. */
  readonly creationTimestamp: string;
  /** Absent: for the whole namespace, or for the mesh if that is the root namespace. */
  readonly selector?: LabelSelector;
  /** Only `concurrency`, `proxyMetadata` (its `environmentVariables`) and `image` come from there. */
  readonly config: ProxyConfig;
}

/** What lies above the defaults, for one pod. */
export interface ProxyConfigLayers {
  readonly mesh: MeshConfig;
  readonly resources: readonly ProxyConfigResource[];
}

/**
 * The configuration of this pod's proxy. Lowest to highest: mesh, resource of the root namespace, resource of the pod's namespace, annotation,
 * resource that selects the pod.
 */
export function effectiveProxyConfig(pod: Pod, { mesh, resources }: ProxyConfigLayers): ProxyConfig {
  const rootNamespace = mesh.rootNamespace || 'istio-system';
  const namespace = pod.metadata?.namespace ?? '';
  const labels = pod.metadata?.labels ?? {};
  const oldest = (isMatch: (resource: ProxyConfigResource) => boolean): ProxyConfig | undefined =>
    resources.filter(isMatch).sort(byAge)[0]?.config;
  const layers = [
    oldest((resource) => resource.namespace === rootNamespace && !resource.selector),
    namespace === rootNamespace ? undefined : oldest((resource) => resource.namespace === namespace && !resource.selector),
    annotationProxyConfig(pod),
    oldest(({ namespace: own, selector }) => own === namespace && selector !== undefined && selects(selector, labels)),
  ];
  return layers.reduce<ProxyConfig>((below, layer) => (layer ? layered(below, layer) : below), meshProxyConfig(mesh));
}

const layeredConfigs = new WeakMap<ProxyConfig, WeakMap<ProxyConfig, ProxyConfig>>();

/** One value for each pair: pods of one workload bring the same layers, and what is computed from the result is remembered by its identity. */
function layered(below: ProxyConfig, layer: ProxyConfig): ProxyConfig {
  const known = layeredConfigs.get(below) ?? new WeakMap<ProxyConfig, ProxyConfig>();
  const config = known.get(layer) ?? layerProxyConfig(below, layer);
  layeredConfigs.set(below, known.set(layer, config));
  return config;
}

const meshProxyConfigs = new WeakMap<MeshConfig, ProxyConfig>();

/** Once more over the defaults: a zero that sticks mesh-wide does not stick here. One value for each mesh configuration. */
function meshProxyConfig(mesh: MeshConfig): ProxyConfig {
  const known = meshProxyConfigs.get(mesh);
  if (known) return known;
  const config = layerProxyConfig(defaultProxyConfig, mesh.defaultConfig ?? {});
  meshProxyConfigs.set(mesh, config);
  return config;
}

function byAge(one: ProxyConfigResource, other: ProxyConfigResource): number {
  const [oneKey, otherKey] = [one, other].map((resource) => `${resource.creationTimestamp} ${resource.namespace}/${resource.name}`);
  return (oneKey ?? '') < (otherKey ?? '') ? -1 : 1;
}

/** The annotation's layer; one that cannot be read is left to the annotation check, which refuses the pod. */
function annotationProxyConfig(pod: Pod): ProxyConfig | undefined {
  const text = pod.metadata?.annotations?.[annotation.proxyConfig];
  const layer = text === undefined ? undefined : readProxyConfig(text);
  return layer?.ok ? layer.value : undefined;
}

/** A ProxyConfig document in YAML; an empty text is an empty configuration. Asked several times for each pod. */
export const readProxyConfig = memo((text): Result<ProxyConfig> => {
  const parsed = parseKubeYaml(text);
  return parsed.ok ? decodeProxyConfig(parsed.value) : parsed;
});

/** Says what is wrong with the text of annotation `proxy.istio.io/config`; undefined if it can be used. */
export function checkProxyConfigText(text: string): string | undefined {
  const layer = readProxyConfig(text);
  if (!layer.ok) return `failed to convert to apply proxy config: ${layer.error}`;
  return checkProxyConfig(applyProxyConfig(defaultProxyConfig, layer.value));
}

/**
 * Whether the application's containers come behind the proxy. Istio compatibility: only mesh, annotation and values count here, not ProxyConfig
 * resources.
 */
export function holdsApplication(pod: Pod, mesh: MeshConfig, values: InjectValues): boolean {
  const config = effectiveProxyConfig(pod, { mesh, resources: [] });
  return (config.holdApplicationUntilProxyStarts ?? false) || values.proxy.holdApplicationUntilProxyStarts;
}
