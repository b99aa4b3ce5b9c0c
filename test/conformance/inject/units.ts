import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMeshConfig } from '../../../shared/config/mesh/mesh-config.ts';
import { defaultProxyConfig, proxyConfig } from '../../../shared/config/mesh/proxy-config.ts';
import { checkAnnotations } from '../../../shared/inject/check-annotations.ts';
import { decide } from '../../../shared/inject/decide.ts';
import { imageOf } from '../../../shared/inject/image.ts';
import { appendMultusNetwork } from '../../../shared/inject/multus.ts';
import { usesNativeSidecar } from '../../../shared/inject/native.ts';
import { openshiftProxyIds } from '../../../shared/inject/openshift.ts';
import { environmentFromPath } from '../../../shared/inject/path.ts';
import { rewriteProbes } from '../../../shared/inject/probes.ts';
import { mergePrometheus } from '../../../shared/inject/prometheus.ts';
import { effectiveProxyConfig } from '../../../shared/inject/proxy-config.ts';
import { readInjectValues } from '../../../shared/inject/values.ts';
import { decode } from '../../../shared/kube/decode.ts';
import { goJson } from '../../../shared/kube/go-json.ts';
import { type Pod, pod as podSchema } from '../../../shared/kube/pod.ts';
import { findOwner } from '../../../shared/kube/pod-owner.ts';
import { canonicalQuantity } from '../../../shared/kube/quantity.ts';
import { strategicMerge } from '../../../shared/kube/strategic-merge.ts';
import { parseKubeYaml } from '../../../shared/kube/yaml.ts';
import { goDurationText, parseDuration } from '../../../shared/lib/duration.ts';
import { protoJsonText } from '../../../shared/lib/proto-json.ts';
import { difference } from '../difference.ts';
import type { Row } from '../suite.ts';
import { compareTemplate } from './template-engine.ts';
import { messageDifference, podDifference } from './webhook.ts';

/** Tables of single functions: each file with the function of ours that has to give the same. */

// biome-ignore lint/suspicious/noExplicitAny: rows are recordings of many shapes; what is compared is what they hold
type Recorded = any;
type Compare = (row: Recorded, table: Recorded) => string | undefined;

const tables: Readonly<Record<string, Compare>> = {
  'annotation-validation': compareAnnotation,
  images: compareImages,
  'inject-path-envs': (row) => difference(row.envs, Object.fromEntries(environmentFromPath(row.path))),
  multus: (row) => difference(row.result, appendMultusNetwork(row.existing, row.network)),
  'native-detect': compareNative,
  'openshift-ids': (row) => difference({ uid: row.uid, gid: row.gid }, openshiftProxyIds(row.namespaceAnnotations)),
  owner: ({ pod, ...owner }) => difference(owner, findOwner(pod)),
  policy: comparePolicy,
  probes: compareProbes,
  prometheus: comparePrometheus,
  'proxy-config': compareProxyConfig,
  quantities: (row) => difference(row.out, canonicalQuantity(row.in)),
  'strategic-merge': compareMerge,
  'template-engine': compareTemplate,
  'yaml-overlay': (row) => difference(row.json ?? 'refused', readMap(row.yaml)),
};

export function unitRows(folder: string): readonly Row[] {
  return Object.entries(tables).flatMap(([name, compare]) => {
    const file = join(folder, 'units', `${name}.json`);
    if (!existsSync(file)) return [];
    const table: Recorded = JSON.parse(readFileSync(file, 'utf8'));
    const rows: readonly Recorded[] = Array.isArray(table) ? table : table.rows;
    return rows.map(
      (row, index): Row => ({
        id: `units/${name} ${index}`,
        tags: ['units', `units/${name}`],
        compare: async () => {
          const found = compare(row, table);
          return found === undefined ? undefined : `${found}\nrow ${JSON.stringify(row).slice(0, 600)}`;
        },
      }),
    );
  });
}

function compareAnnotation({ annotation, value, ok, error }: Recorded): string | undefined {
  const actual = checkAnnotations({ [annotation]: value });
  return difference(ok, actual === undefined, 'ok') ?? messageDifference(error, actual ?? '');
}

function compareImages(row: Recorded): string | undefined {
  const { hub, tag, variant, proxyInitImage } = readInjectValues(row.values, {}).global;
  const { image } = readInjectValues(row.values, {}).proxy;
  const wanted = row.annotation === '(absent)' ? undefined : row.annotation;
  const configured = row.proxyConfigImageType === '(nil)' ? '' : row.proxyConfigImageType;
  const actual = {
    proxy: imageOf({ hub, name: image, tag }, wanted ?? (configured || variant)),
    init: imageOf({ hub, name: proxyInitImage, tag }, wanted ?? variant),
  };
  return difference({ proxy: row.proxy, init: row.init }, actual);
}

function compareNative({ kubeletVersions, mode, native, podNodeName }: Recorded): string | undefined {
  const versions = Object.fromEntries(kubeletVersions.map((version: string, index: number) => [`node-${index + 1}`, version]));
  const pod: Pod = { spec: { ...(podNodeName && { nodeName: podNodeName }) } };
  return difference(native, usesNativeSidecar(mode, pod, { kubeletVersions: versions, namespaceAnnotations: {} }));
}

const selectors: Readonly<Record<string, Recorded>> = {
  none: [],
  match: [{ matchLabels: { nomatch: '1' } }, { matchExpressions: [{ key: 'foo', operator: 'Exists' }] }],
  nomatch: [{ matchLabels: { foo: 'other' } }],
  empty: [{}],
  invalid: [{ matchExpressions: [{ key: 'foo', operator: 'Bogus' }] }],
};

function comparePolicy(row: Recorded): string | undefined {
  const name = 'sidecar.istio.io/inject';
  const member = (value: string): Readonly<Record<string, string>> => (value === '(absent)' ? {} : { [name]: value });
  const pod: Pod = {
    metadata: { namespace: row.namespace ?? 'default', labels: { foo: 'bar', ...member(row.label) }, annotations: member(row.annotation) },
    spec: { ...(row.hostNetwork && { hostNetwork: true }) },
  };
  const config = { policy: row.policy, neverInjectSelector: selectors[row.never], alwaysInjectSelector: selectors[row.always] };
  return difference(row.inject, decide(pod, config).inject);
}

const proxyName = 'istio-proxy';

function compareProbes(row: Recorded): string | undefined {
  const hasProxy = row.pod.spec.containers.some(({ name }: Recorded) => name === proxyName);
  const containers = hasProxy ? row.pod.spec.containers : [...row.pod.spec.containers, { name: proxyName }];
  const annotations = row.statusPortAnnotation === '' ? {} : { 'status.sidecar.istio.io/port': row.statusPortAnnotation };
  const pod: Pod = { metadata: { annotations }, spec: { ...row.pod.spec, containers } };
  const rewritten = rewriteProbes(pod, { rewriteByDefault: true, statusPort: row.meshStatusPort });
  const proxy = rewritten.spec?.containers?.find(({ name }) => name === proxyName);
  const probers = proxy?.env?.find(({ name }) => name === 'ISTIO_KUBE_APP_PROBERS')?.value ?? '';
  const spec = {
    ...rewritten.spec,
    containers: (rewritten.spec?.containers ?? [])
      .filter(({ name }) => hasProxy || name !== proxyName)
      .map(({ env: _env, ...rest }) => rest),
  };
  return difference(row.probers, probers, 'probers') ?? podDifference(row.rewrittenSpec, spec);
}

function comparePrometheus(row: Recorded): string | undefined {
  const pod: Pod = { metadata: { annotations: row.annotations }, spec: { containers: [{ name: proxyName }] } };
  const merged = mergePrometheus(pod, { mergeByDefault: row.meshEnablePrometheusMerge, statusPort: 15020 });
  if (!merged.ok || row.error) return difference(row.error, merged.ok ? undefined : merged.error);
  const actual = { annotations: merged.value.metadata?.annotations, env: merged.value.spec?.containers?.[0]?.env ?? null };
  return difference({ annotations: row.resultAnnotations, env: row.proxyEnv }, actual);
}

function compareProxyConfig(row: Recorded): string | undefined {
  const parsed = parseKubeYaml(row.meshYAML);
  const { value: mesh } = decodeMeshConfig(parsed.ok ? parsed.value : null);
  const pod: Pod = { metadata: { annotations: { 'proxy.istio.io/config': row.annotation } } };
  const config = effectiveProxyConfig(pod, { mesh, resources: [] });
  const actual = {
    effective: protoJsonText(config, proxyConfig),
    proxyConfigEnv: protoJsonText(config, proxyConfig, defaultProxyConfig),
    drain: goDurationText(parseDuration(config.drainDuration ?? '') ?? 0n),
    hold: config.holdApplicationUntilProxyStarts ?? false,
  };
  const expected = { effective: JSON.stringify(row.effective), proxyConfigEnv: row.proxyConfigEnv, drain: row.drain, hold: row.hold };
  return difference(expected, actual);
}

/** As it was recorded: laid over, decoded, printed. */
function compareMerge(row: Recorded): string | undefined {
  const base = decode<Pod>(row.pod, podSchema);
  const overlay = parseKubeYaml(row.overlayYAML);
  if (!base.ok || !overlay.ok) return difference(row.error, base.ok ? (overlay.ok ? undefined : overlay.error) : base.error);
  const patched = strategicMerge(base.value, overlay.value, podSchema);
  if (!patched.ok) return difference(row.error, `strategic merge: ${patched.error}`);
  const decoded = decode<Pod>(patched.value, podSchema);
  if (!decoded.ok) return difference(row.error, `unmarshal patched pod: ${decoded.error}`);
  return difference(JSON.stringify(row.result), goJson(decoded.value, podSchema));
}

/** Documents are read into a map there: nothing is an empty one, anything else an error. */
function readMap(text: string): unknown {
  const parsed = parseKubeYaml(text);
  if (!parsed.ok || Array.isArray(parsed.value) || typeof parsed.value !== 'object') return 'refused';
  return JSON.parse(JSON.stringify(parsed.value ?? {}));
}
