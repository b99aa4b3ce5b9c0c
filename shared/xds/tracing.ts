import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Tracing } from '../config/mesh/tracing.ts';
import type { HttpConnectionManager_TracingSchema } from '../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import type { CustomTagSchema } from '../gen/envoy/type/tracing/v3/custom_tag_pb.js';
import { compareText } from '../lib/compare-text.ts';
import type { Scope } from '../model/index.ts';
import type { Init } from './init.ts';
import { type SpanSource, tracingProvider } from './tracing-provider.ts';

type CustomTag = MessageInitShape<typeof CustomTagSchema>;

/** Who traces, for the tags of its spans. */
export interface TracedWorkload {
  readonly canonicalName: string;
  readonly canonicalRevision: string;
  readonly cluster: string;
  readonly meshId: string;
  readonly namespace: string;
}

/** Dry-run verdicts of authorization, by tag, as the filter `envoy.filters.http.rbac` leaves them. */
const dryRunTags: readonly (readonly [string, string])[] = [
  ['istio.authorization.dry_run.allow_policy.name', 'istio_dry_run_allow_shadow_effective_policy_id'],
  ['istio.authorization.dry_run.allow_policy.result', 'istio_dry_run_allow_shadow_engine_result'],
  ['istio.authorization.dry_run.deny_policy.name', 'istio_dry_run_deny_shadow_effective_policy_id'],
  ['istio.authorization.dry_run.deny_policy.result', 'istio_dry_run_deny_shadow_engine_result'],
];

type TracingInit = Init<typeof HttpConnectionManager_TracingSchema>;

/** What of the mesh and of a proxy is read for tracing. */
export interface TracingKey extends TracedWorkload, SpanSource {
  /** The proxy's own `ProxyConfig.tracing`, or the mesh's. */
  readonly settings: Tracing | undefined;
}

/**
 * How spans are made, or undefined where they are turned off. The mesh's first default provider says where they are sent; one that does not exist
 * turns them off. Without one it is the business of the proxy's bootstrap, and `enableTracing` decides.
 */
export function tracing(scope: Pick<Scope, 'config' | 'features' | 'providerHost'>, key: TracingKey): TracingInit | undefined {
  const { config, features } = scope;
  const [name] = config.defaultProviders?.tracing ?? [];
  if (name === undefined) return config.enableTracing === true ? spans(key, features.traceSampling) : undefined;
  const found = config.extensionProviders?.find((provider) => provider.name === name);
  const provider = found && tracingProvider(found, scope, key);
  if (provider === undefined) return undefined;
  const made = { ...spans(key, features.traceSampling), ...provider.fields };
  return provider.samplesItself ? { ...made, randomSampling: { value: 100 } } : made;
}

/** @param defaultSampling percent, for settings without a sampling (0 is none: Istio compatibility). */
function spans({ settings, ...workload }: TracingKey, defaultSampling: number): TracingInit {
  const { sampling = 0, maxPathTagLength = 0, enableIstioTags = true, customTags = {} } = settings ?? {};
  const own = Object.entries(customTags).flatMap(([tag, value]) => customTag(tag, value) ?? []);
  const tags = [...(enableIstioTags ? [...dryRunTags.map(metadataTag), ...workloadTags(workload)] : []), ...own];
  return {
    clientSampling: { value: 100 },
    randomSampling: { value: sampling === 0 ? defaultSampling : Math.min(sampling, 100) },
    overallSampling: { value: 100 },
    customTags: tags.sort((a, b) => compareText(a.tag ?? '', b.tag ?? '')),
    ...(maxPathTagLength > 0 && { maxPathTagLength }),
  };
}

function metadataTag([tag, key]: readonly [string, string]): CustomTag {
  const metadataKey = { key: 'envoy.filters.http.rbac', path: [{ segment: { case: 'key' as const, value: key } }] };
  return { tag, type: { case: 'metadata', value: { kind: { kind: { case: 'request', value: {} } }, metadataKey } } };
}

const unknown = 'unknown';

function workloadTags({ canonicalName, canonicalRevision, cluster, meshId, namespace }: TracedWorkload): CustomTag[] {
  const values = [
    ['istio.canonical_revision', canonicalRevision],
    ['istio.canonical_service', canonicalName],
    ['istio.cluster_id', cluster],
    ['istio.mesh_id', meshId],
    ['istio.namespace', namespace],
  ] as const;
  return values.map(([tag, value]) => ({ tag, type: { case: 'literal', value: { value: value === '' ? unknown : value } } }));
}

type ConfiguredTag = NonNullable<Tracing['customTags']>[string];

/** Undefined for a tag without a value's source, which is no tag. */
function customTag(tag: string, { literal, environment, header }: ConfiguredTag): CustomTag | undefined {
  if (literal) return { tag, type: { case: 'literal', value: { value: literal.value ?? '' } } };
  if (environment) return { tag, type: { case: 'environment', value: named(environment) } };
  return header && { tag, type: { case: 'requestHeader', value: named(header) } };
}

function named({ name = '', defaultValue = '' }: { readonly name?: string; readonly defaultValue?: string }) {
  return { name, defaultValue };
}
