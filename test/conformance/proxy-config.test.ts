import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proxyConfigProblems } from '../../shared/config/mesh/check-proxy-config.ts';
import { proxyConfig } from '../../shared/config/mesh/proxy-config.ts';
import { decodeMessage } from '../../shared/lib/proto-json.ts';
import { recordings, withoutRecordings } from './recordings.ts';

const validation = join(recordings, 'validation');

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

describe.skipIf(!existsSync(validation))(`ProxyConfig (${existsSync(validation) ? 'recorded' : withoutRecordings})`, () => {
  it.each(validationRows())('checks $id', ({ object, errors }) => {
    const decoded = decodeMessage(object, proxyConfig, { unknownFields: 'refuse' });
    const problems = decoded.ok ? proxyConfigProblems(decoded.value) : [`decode: ${decoded.error.replace(/^\w+: /, '')}`];

    expect(problems).toEqual(errors);
  });
});
