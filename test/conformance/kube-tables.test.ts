import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode } from '../../shared/kube/decode.ts';
import { goJson } from '../../shared/kube/go-json.ts';
import { pod } from '../../shared/kube/pod.ts';
import { canonicalQuantity } from '../../shared/kube/quantity.ts';
import { strategicMerge } from '../../shared/kube/strategic-merge.ts';
import { toKubeYaml } from '../../shared/kube/to-yaml.ts';
import { parseKubeYaml } from '../../shared/kube/yaml.ts';
import { recordings, withoutRecordings } from './recordings.ts';

const units = join(recordings, 'inject/units');

function table<Row>(name: string): readonly Row[] {
  return existsSync(units) ? JSON.parse(readFileSync(join(units, `${name}.json`), 'utf8')) : [];
}

interface QuantityRow {
  readonly in: string;
  readonly out?: string;
}

interface YamlRow {
  readonly yaml: string;
  readonly json?: unknown;
}

interface MergeRow {
  readonly pod: unknown;
  readonly overlayYAML: string;
  readonly result?: unknown;
  readonly error?: string;
}

/** As the recorder did: overlay, decode, print. */
function merged(row: MergeRow): { readonly text?: string; readonly error?: string } {
  const base = decode(row.pod, pod);
  const overlay = parseKubeYaml(row.overlayYAML);
  if (!base.ok) return { error: base.error };
  if (!overlay.ok) return { error: overlay.error };
  const patched = strategicMerge(base.value, overlay.value, pod);
  if (!patched.ok) return { error: `strategic merge: ${patched.error}` };
  const decoded = decode(patched.value, pod);
  return decoded.ok ? { text: goJson(decoded.value, pod) } : { error: `unmarshal patched pod: ${decoded.error}` };
}

/** Documents decode into a map there; nothing is an empty one, and anything else an error. */
function readMap(text: string): unknown {
  const parsed = parseKubeYaml(text);
  if (!parsed.ok || Array.isArray(parsed.value) || (typeof parsed.value !== 'object' && parsed.value !== undefined)) return 'refused';
  return JSON.parse(JSON.stringify(parsed.value ?? {}));
}

describe.skipIf(!existsSync(units))(`Kubernetes tables (${existsSync(units) ? 'recorded' : withoutRecordings})`, () => {
  it.each(table<QuantityRow>('quantities'))('quantity $in is $out', ({ in: text, out }) => {
    expect(canonicalQuantity(text)).toBe(out);
  });

  it.each(table<YamlRow>('yaml-overlay'))('reads YAML $yaml', ({ yaml, json }) => {
    expect(readMap(yaml)).toEqual(json ?? 'refused');
  });

  it.each(table<MergeRow>('strategic-merge'))('merges $overlayYAML', (row) => {
    const expected = row.error === undefined ? { text: JSON.stringify(row.result) } : { error: row.error };

    expect(merged(row)).toEqual(expected);
  });

  it('prints the pods of the golden files as they are', () => {
    const folder = join(recordings, 'inject/data/m000-hello.yaml.cni/golden.yaml');
    const [document = ''] = readFileSync(folder, 'utf8').split('\n---\n');
    const parsed = parseKubeYaml(document);

    expect(parsed.ok && toKubeYaml(parsed.value).trim()).toBe(document.trim());
  });
});
