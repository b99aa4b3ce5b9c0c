import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigKind } from '../../../shared/config/kind.ts';
import { checkMeshConfig, checkProxyConfigMessage } from '../../../shared/config/mesh/check-mesh-config.ts';
import { checkMeshNetworks } from '../../../shared/config/mesh/check-mesh-networks.ts';
import { meshConfig } from '../../../shared/config/mesh/mesh-config.ts';
import { meshNetworks } from '../../../shared/config/mesh/mesh-networks.ts';
import { proxyConfig } from '../../../shared/config/mesh/proxy-config.ts';
import { type Validation, validateObject } from '../../../shared/config/validate-object.ts';
import type { Findings } from '../../../shared/lib/finding.ts';
import type { JsonObject } from '../../../shared/lib/json.ts';
import type { MessageSchema } from '../../../shared/lib/message.ts';
import { readProtoMessage } from '../../../shared/lib/proto-json.ts';
import type { Row } from '../suite.ts';
import { type Messages, messagesDifference } from './messages.ts';

interface Case extends Messages {
  readonly id: string;
  readonly kind: string;
  readonly valid: boolean;
  /** Its texts are those of a Go library: only the verdict counts. */
  readonly goText?: boolean;
  readonly object: JsonObject;
}

/** Of each recorded object two rows: the verdict, and the messages. */
export function caseRows(folder: string): readonly Row[] {
  return ['cases', 'mutants'].flatMap((file) =>
    readLines<Case>(join(folder, `${file}.jsonl`)).flatMap((recorded) => rowsOf(recorded, file)),
  );
}

/** The records of a file with one JSON text on each line. */
export function readLines<T>(path: string): readonly T[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

function rowsOf(recorded: Case, file: string): readonly Row[] {
  const { id, kind } = recorded;
  const verdict: Row = {
    id: `${id} verdict`,
    tags: [`${file} verdict`, 'verdict', `${kind} verdict`],
    compare: async () => verdictDifference(recorded, validate(recorded)),
  };
  const messages: Row = {
    id: `${id} messages`,
    tags: [`${file} messages`, 'messages', `${kind} messages`],
    compare: async () => messagesDifference(recorded, textsOf(validate(recorded))),
  };
  return recorded.goText ? [verdict] : [verdict, messages];
}

function validate({ kind, object }: Case): Validation {
  const settings = meshKinds[kind];
  return settings ? validateSettings(settings, object) : validateObject(object);
}

/** Settings of the mesh are no objects; recorded as they are, without defaults. */
const meshKinds: Readonly<Record<string, Pick<ConfigKind, 'schema' | 'checkSpec'>>> = {
  MeshConfig: settingsKind(meshConfig, checkMeshConfig),
  MeshNetworks: settingsKind(meshNetworks, checkMeshNetworks),
  ProxyConfigMesh: settingsKind(proxyConfig, checkProxyConfigMessage),
};

function settingsKind<T>(schema: MessageSchema<T>, check: (settings: T) => Findings): Pick<ConfigKind, 'schema' | 'checkSpec'> {
  return { schema, checkSpec: check as ConfigKind['checkSpec'] };
}

const noMeta = { name: '', namespace: '', labels: {}, annotations: {} };

function validateSettings({ schema, checkSpec }: Pick<ConfigKind, 'schema' | 'checkSpec'>, value: JsonObject): Validation {
  const read = readProtoMessage(value, schema);
  if (!read.ok) return { errors: [], warnings: [], denial: read.goMessage };
  const problems = [...checkSpec(read.value, noMeta)].map((finding) => ({ ...finding, object: '' }));
  const errors = problems.filter(({ severity }) => severity === 'error');
  // Unlike an object's, their warnings are told with the errors.
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  return { errors, warnings, ...(errors.length > 0 && { denial: errors.map(({ message }) => message).join('\n') }) };
}

function verdictDifference({ valid, errors }: Case, { denial }: Validation): string | undefined {
  if (valid === (denial === undefined)) return undefined;
  return valid ? `denied: ${denial}` : `allowed, expected ${errors.join(' | ')}`;
}

function textsOf({ errors, warnings }: Validation): Messages {
  return { errors: errors.map(({ message }) => message), warnings: warnings.map(({ message }) => message) };
}
