import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ObjectSchemas, objectSchemas } from '../../../shared/kube/crd/definitions.ts';
import { parseKubeYamlDocuments } from '../../../shared/kube/yaml.ts';
import { fieldPathText } from '../../../shared/lib/field-path.ts';
import { isJsonObject, type JsonObject } from '../../../shared/lib/json.ts';
import type { Row } from '../suite.ts';
import { readLines } from './cases.ts';

interface Case {
  readonly id: string;
  /** What an API server with Istio's definitions says before it asks the webhook; absent for what is no custom resource. */
  readonly schemaValid?: boolean;
  readonly schemaError?: string;
  readonly object: JsonObject;
}

/** The verdict of the definitions that were recorded beside the cases, or lie in their folder. */
export function schemaRows(folder: string): readonly Row[] {
  const path = [join(folder, 'crd-all.gen.yaml'), join(folder, '../crds/crd-all.gen.yaml')].find((place) => existsSync(place));
  if (path === undefined) return [];
  const schemas = readSchemas(path);
  const recorded = ['cases', 'mutants'].flatMap((file) => readLines<Case>(join(folder, `${file}.jsonl`)));
  return recorded
    .filter(({ schemaValid }) => schemaValid !== undefined)
    .map((one) => ({ id: `${one.id} schema`, tags: ['schema'], compare: async () => compare(one, schemas) }));
}

function readSchemas(path: string): ObjectSchemas {
  const { value } = parseKubeYamlDocuments(readFileSync(path, 'utf8'));
  return objectSchemas(value.map((document) => document.value).filter(isJsonObject));
}

function compare({ schemaValid, schemaError, object }: Case, { check }: ObjectSchemas): string | undefined {
  const findings = check(object) ?? [];
  if (schemaValid === (findings.length === 0)) return undefined;
  return schemaValid
    ? `refused: ${findings.map(({ path, message }) => `${fieldPathText(path)}: ${message}`).join(' | ')}`
    : `taken, expected ${schemaError}`;
}
