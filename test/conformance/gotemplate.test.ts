import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeMeshConfig } from '../../shared/config/mesh/mesh-config.ts';
import { defaultProxyConfig } from '../../shared/config/mesh/proxy-config.ts';
import { compileTemplate, istioFunctions, sidecarTemplateData, sprig } from '../../shared/inject/gotemplate/index.ts';
import { decode } from '../../shared/kube/decode.ts';
import { type Pod, pod } from '../../shared/kube/pod.ts';
import { parseKubeYaml } from '../../shared/kube/yaml.ts';
import type { JsonObject } from '../../shared/lib/json.ts';
import { recordings, withoutRecordings } from './recordings.ts';

const units = join(recordings, 'inject/units');
const isHere = existsSync(units);

function recorded<T>(name: string, otherwise: T): T {
  return isHere ? JSON.parse(readFileSync(join(units, `${name}.json`), 'utf8')) : otherwise;
}

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

interface MultusRow {
  readonly existing: string;
  readonly network: string;
  readonly result: string;
}

const table = recorded<EngineTable>('template-engine', { meshYAML: '', nativeSidecars: true, pod: {}, revision: '', values: {}, rows: [] });
const functions = new Map([...sprig({ nowMs: () => Date.UTC(2026, 7, 22) }), ...istioFunctions({ env: () => undefined })]);

function data() {
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

function render(text: string): Omit<EngineRow, 'template'> {
  const compiled = compileTemplate('inject', text, functions);
  if (!compiled.ok) return { parseError: compiled.error.message };
  const rendered = compiled.template.execute(data());
  return rendered.ok ? { output: rendered.output } : { execError: rendered.error.message };
}

describe.skipIf(!isHere)(`template engine (${isHere ? 'recorded' : withoutRecordings})`, () => {
  it.each(table.rows)('renders $template', ({ template, ...expected }) => {
    expect(render(template)).toEqual(expected);
  });

  it.each(recorded<readonly MultusRow[]>('multus', []))('adds network $network to $existing', ({ existing, network, result }) => {
    const template = `{{ appendMultusNetwork ${JSON.stringify(existing)} ${JSON.stringify(network)} }}`;

    expect(render(template)).toEqual({ output: result });
  });
});
