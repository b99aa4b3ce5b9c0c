import { decodeMeshConfig } from '../../../shared/config/mesh/mesh-config.ts';
import { defaultProxyConfig } from '../../../shared/config/mesh/proxy-config.ts';
import { compileTemplate, istioFunctions, sidecarTemplateData, sprig } from '../../../shared/inject/gotemplate/index.ts';
import { decode } from '../../../shared/kube/decode.ts';
import { type Pod, pod } from '../../../shared/kube/pod.ts';
import { parseKubeYaml } from '../../../shared/kube/yaml.ts';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { difference } from '../difference.ts';

/** Snippets that the real engine rendered, output and error texts alike, all from one pod, mesh and values. */

interface EngineRow {
  readonly template: string;
  readonly output?: string;
  readonly parseError?: string;
  readonly execError?: string;
}

interface EngineTable {
  readonly meshYAML: string;
  readonly nativeSidecars: boolean;
  readonly pod: unknown;
  readonly revision: string;
  readonly values: JsonObject;
  readonly rows: readonly EngineRow[];
}

const functions = new Map([...sprig({ nowMs: () => Date.UTC(2026, 7, 22) }), ...istioFunctions({ env: () => undefined })]);

function data(table: EngineTable) {
  const decoded = decode<Pod>(table.pod, pod);
  const source = decoded.ok ? decoded.value : {};
  const yaml = parseKubeYaml(table.meshYAML);
  const mesh = decodeMeshConfig(yaml.ok ? yaml.value : null).value;
  return sidecarTemplateData({
    typeMeta: { kind: 'Pod', apiVersion: 'v1' },
    deploymentMeta: { name: source.metadata?.name ?? '', namespace: source.metadata?.namespace ?? '' },
    objectMeta: source.metadata ?? {},
    spec: source.spec ?? {},
    proxyConfig: mesh.defaultConfig ?? defaultProxyConfig,
    meshConfig: mesh,
    values: table.values,
    revision: table.revision,
    nativeSidecars: table.nativeSidecars,
    proxyImage: 'h/proxyv2:t',
    proxyInitImage: 'h/proxyv2:t',
    proxyUid: 1337,
    proxyGid: 1337,
    inboundTrafficPolicyMode: 'passthrough',
    compliancePolicy: '',
  });
}

function render(text: string, table: EngineTable): Omit<EngineRow, 'template'> {
  const compiled = compileTemplate('inject', text, functions);
  if (!compiled.ok) return { parseError: compiled.error.message };
  const rendered = compiled.template.execute(data(table));
  return rendered.ok ? { output: rendered.output } : { execError: rendered.error.message };
}

/** Error texts too: they name the place in the template. */
export function compareTemplate({ template, ...expected }: EngineRow, table: EngineTable): string | undefined {
  return difference(expected, render(template, table));
}
