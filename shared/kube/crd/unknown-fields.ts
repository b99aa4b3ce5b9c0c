import { isJsonObject } from '../../lib/json.ts';
import { memberSchema, nodes, type SchemaFinding, type SchemaNode } from './schema.ts';

/** Members of objects that the schema does not know, which `kubectl apply` refuses and any other client loses. */
export function unknownFields(root: SchemaNode): readonly SchemaFinding[] {
  const findings: SchemaFinding[] = [];
  for (const { path, value, schema } of nodes(root)) {
    const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || schema['type'] !== 'object';
    if (!isJsonObject(value) || isOpen) continue;
    for (const key of Object.keys(value)) {
      if (memberSchema(schema, key) !== undefined) continue;
      findings.push({ code: 'schema-unknown-field', path: [...path, key], message: unknownField(key, schema), isBlocking: false });
    }
  }
  return findings;
}

function unknownField(key: string, { properties }: SchemaNode['schema']): string {
  const known = isJsonObject(properties) ? Object.keys(properties) : [];
  const similar = known.find((name) => name.toLowerCase() === key.toLowerCase().replaceAll('_', ''));
  return similar === undefined ? 'unknown field' : `unknown field; did you mean ${similar}?`;
}
