import { decodeProxyConfig } from '../config/mesh/proxy-config.ts';
import { decode } from '../kube/decode.ts';
import { labelSelector, objectMeta } from '../kube/object-meta.ts';
import { isJsonObject, type JsonObject, type JsonValue, objectAt } from '../lib/json.ts';
import type { Problem } from '../lib/problem.ts';
import type { ClusterFacts } from './native.ts';
import type { ProxyConfigResource } from './proxy-config.ts';

/** What injection takes from a cluster's objects, besides the pod: ProxyConfig resources, and facts about nodes and namespaces. */
export interface InjectResources {
  readonly proxyConfigs: readonly ProxyConfigResource[];
  readonly clusterFacts: ClusterFacts;
}

/** Objects of other kinds are passed over; one that cannot be read is left out, with a problem. */
export function readInjectResources(objects: readonly JsonObject[]): {
  readonly value: InjectResources;
  readonly problems: readonly Problem[];
} {
  const proxyConfigs: ProxyConfigResource[] = [];
  const problems: Problem[] = [];
  for (const object of objects.filter(isProxyConfig)) {
    const read = readProxyConfigResource(object);
    if ('problem' in read) problems.push(read.problem);
    else proxyConfigs.push(read);
  }
  return { value: { proxyConfigs, clusterFacts: readClusterFacts(objects) }, problems };
}

function isProxyConfig({ kind, apiVersion }: JsonObject): boolean {
  return kind === 'ProxyConfig' && typeof apiVersion === 'string' && apiVersion.startsWith('networking.istio.io/');
}

/** @see https://istio.io/latest/docs/reference/config/networking/proxy-config/ */
function readProxyConfigResource(object: JsonObject): ProxyConfigResource | { readonly problem: Problem } {
  const metadata = decode(object['metadata'] ?? {}, objectMeta);
  const spec = objectAt(object, 'spec');
  const name = metadata.ok ? `${metadata.value.namespace ?? 'default'}/${metadata.value.name ?? ''}` : '';
  const problem = (path: string, message: string) =>
    ({ problem: { code: 'invalid-proxy-config', severity: 'error', object: `ProxyConfig ${name}`, path, message } }) as const;
  if (!metadata.ok) return problem('metadata', metadata.error);
  const given: Record<string, JsonValue | undefined> = {
    concurrency: spec['concurrency'],
    proxyMetadata: spec['environmentVariables'],
    image: spec['image'],
  };
  const config = decodeProxyConfig(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  if (!config.ok) return problem('spec', config.error);
  const selector = isJsonObject(spec['selector']) ? decode(spec['selector'], labelSelector) : undefined;
  if (selector && !selector.ok) return problem('spec.selector', selector.error);
  return {
    namespace: metadata.value.namespace ?? 'default',
    name: metadata.value.name ?? '',
    creationTimestamp: metadata.value.creationTimestamp ?? '',
    ...(selector && { selector: selector.value }),
    config: config.value,
  };
}

function readClusterFacts(objects: readonly JsonObject[]): ClusterFacts {
  const named = (kind: string): readonly JsonObject[] =>
    objects.filter((object) => object['kind'] === kind && object['apiVersion'] === 'v1');
  const nameOf = (object: JsonObject): string => text(objectAt(object, 'metadata')['name']);
  return {
    kubeletVersions: Object.fromEntries(named('Node').map((node) => [nameOf(node), kubeletVersion(node)])),
    namespaceAnnotations: Object.fromEntries(
      named('Namespace').map((namespace) => [nameOf(namespace), texts(objectAt(objectAt(namespace, 'metadata'), 'annotations'))]),
    ),
  };
}

function kubeletVersion(node: JsonObject): string {
  return text(objectAt(objectAt(node, 'status'), 'nodeInfo')['kubeletVersion']);
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function texts(object: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, text(value)]));
}
