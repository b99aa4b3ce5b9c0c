import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkProxyConfig, proxyConfigProblems } from '../../shared/config/mesh/check-proxy-config.ts';
import { decodeMeshConfig } from '../../shared/config/mesh/mesh-config.ts';
import {
  applyProxyConfig,
  decodeProxyConfig,
  defaultProxyConfig,
  layerProxyConfig,
  type ProxyConfig,
  proxyConfig,
} from '../../shared/config/mesh/proxy-config.ts';
import { parseKubeYaml } from '../../shared/kube/yaml.ts';
import { goDurationText, parseDuration } from '../../shared/lib/duration.ts';
import { decodeMessage, protoJsonText } from '../../shared/lib/proto-json.ts';
import type { Result } from '../../shared/lib/result.ts';
import { recordings, withoutRecordings } from './recordings.ts';

const units = join(recordings, 'inject/units');
const validation = join(recordings, 'validation');

function table<Row>(name: string): readonly Row[] {
  return existsSync(units) ? JSON.parse(readFileSync(join(units, `${name}.json`), 'utf8')) : [];
}

function readLayer(text: string): Result<ProxyConfig> {
  const parsed = parseKubeYaml(text);
  return parsed.ok ? decodeProxyConfig(parsed.value) : parsed;
}

interface ProxyConfigRow {
  readonly meshYAML: string;
  readonly annotation: string;
  readonly effective: unknown;
  readonly proxyConfigEnv: string;
  readonly drain: string;
  readonly hold: boolean;
}

function effective(row: ProxyConfigRow): ProxyConfig {
  const mesh = parseKubeYaml(row.meshYAML);
  const { value } = decodeMeshConfig(mesh.ok ? mesh.value : null);
  const layer = readLayer(row.annotation);
  const base = layerProxyConfig(defaultProxyConfig, value.defaultConfig ?? {});
  return layer.ok ? layerProxyConfig(base, layer.value) : base;
}

interface AnnotationRow {
  readonly annotation: string;
  readonly value: string;
  readonly error: string;
}

const annotation = 'proxy.istio.io/config';

function annotationProblem(text: string): string {
  const layer = readLayer(text);
  const problem = layer.ok ? checkProxyConfig(applyProxyConfig(defaultProxyConfig, layer.value)) : layer.error;
  if (problem === undefined) return '';
  const detail = layer.ok ? problem : `failed to convert to apply proxy config: ${problem}`;
  return `1 error occurred:\n\t* invalid value '${text}' for annotation '${annotation}': ${detail}\n\n`;
}

/** What the decoder says differs: ours names the field. */
const decoderDetail = /(failed to convert to apply proxy config: ).*/s;

interface ValidationRow {
  readonly id: string;
  readonly kind: string;
  readonly object: unknown;
  readonly errors: readonly string[];
}

function validationRows(): readonly ValidationRow[] {
  if (!existsSync(validation)) return [];
  const files = ['cases.jsonl', 'mutants.jsonl'].map((file) => readFileSync(join(validation, file), 'utf8'));
  const rows: readonly ValidationRow[] = files.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line));
  return rows.filter(({ kind }) => kind === 'ProxyConfigMesh');
}

describe.skipIf(!existsSync(units))(`ProxyConfig (${existsSync(units) ? 'recorded' : withoutRecordings})`, () => {
  it.each(table<ProxyConfigRow>('proxy-config'))('lays annotation $annotation over mesh $meshYAML', (row) => {
    const config = effective(row);

    expect(protoJsonText(config, proxyConfig)).toBe(JSON.stringify(row.effective));
    expect(protoJsonText(config, proxyConfig, defaultProxyConfig)).toBe(row.proxyConfigEnv);
    expect(goDurationText(parseDuration(config.drainDuration ?? '') ?? 0n)).toBe(row.drain);
    expect(config.holdApplicationUntilProxyStarts ?? false).toBe(row.hold);
  });

  const rows = table<AnnotationRow>('annotation-validation').filter((row) => row.annotation === annotation);
  it.each(rows)('checks annotation $value', ({ value, error }) => {
    expect(annotationProblem(value).replace(decoderDetail, '$1')).toBe(error.replace(decoderDetail, '$1'));
  });

  it.each(validationRows())('checks $id', ({ object, errors }) => {
    const decoded = decodeMessage(object, proxyConfig, { unknownFields: 'refuse' });
    const problems = decoded.ok ? proxyConfigProblems(decoded.value) : [`decode: ${decoded.error.replace(/^\w+: /, '')}`];

    expect(problems).toEqual(errors);
  });
});
