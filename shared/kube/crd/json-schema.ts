import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import type { StructuralSchema } from './schema.ts';

/** Keywords that mean the same in both. */
const sharedKeywords = [
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'required',
];

/** What Kubernetes' schema says of a value, in the words of JSON Schema. Its own extensions are left to who knows them. */
export function toJsonSchema(schema: StructuralSchema): JsonObject {
  const result: Record<string, JsonValue> = { ...typeAndEnum(schema), ...schemasBelow(schema) };
  for (const keyword of sharedKeywords) {
    const value = schema[keyword];
    if (value !== undefined) result[keyword] = value;
  }
  if (schema['exclusiveMinimum'] === true) exclusive(result, 'minimum', 'exclusiveMinimum');
  if (schema['exclusiveMaximum'] === true) exclusive(result, 'maximum', 'exclusiveMaximum');
  return result;
}

/** `nullable` is one more type and value. */
function typeAndEnum(schema: StructuralSchema): Record<string, JsonValue> {
  const { type, nullable, enum: values } = schema;
  const named = typeof type === 'string' ? [type] : [];
  const types = schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : named;
  return {
    ...(types.length > 0 && { type: nullable === true ? [...types, 'null'] : types }),
    ...(isJsonArray(values) && { enum: nullable === true ? [...values, null] : values }),
  };
}

function schemasBelow(schema: StructuralSchema): Record<string, JsonValue> {
  const below: Record<string, JsonValue> = {};
  for (const keyword of ['items', 'additionalProperties', 'not']) {
    const one = schema[keyword];
    if (isJsonObject(one)) below[keyword] = toJsonSchema(one);
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const branches = schema[keyword];
    if (isJsonArray(branches)) below[keyword] = branches.filter(isJsonObject).map(toJsonSchema);
  }
  const { properties } = schema;
  if (isJsonObject(properties)) below['properties'] = mapMembers(properties);
  return below;
}

/** OpenAPI 3.0 has a flag where JSON Schema has the bound itself. */
function exclusive(schema: Record<string, JsonValue>, bound: string, keyword: string): void {
  const value = schema[bound];
  delete schema[bound];
  if (value !== undefined) schema[keyword] = value;
}

function mapMembers(properties: JsonObject): JsonObject {
  const members = Object.entries(properties).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]));
  return Object.fromEntries(members.map(([key, member]) => [key, toJsonSchema(member)]));
}
