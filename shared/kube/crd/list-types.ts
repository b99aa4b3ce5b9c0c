import { isJsonArray, isJsonObject, type JsonValue } from '../../lib/json.ts';
import { nodes, type SchemaFinding, type SchemaNode } from './schema.ts';

/** Items of a list that must differ (`x-kubernetes-list-type: set`, or `map` in its keys) and do not. */
export function duplicateItems(root: SchemaNode): readonly SchemaFinding[] {
  return [...nodes(root)].flatMap(duplicatesOf);
}

function duplicatesOf({ path, value, schema }: SchemaNode): readonly SchemaFinding[] {
  const listType = schema['x-kubernetes-list-type'];
  if (!isJsonArray(value) || (listType !== 'set' && listType !== 'map')) return [];
  const keys = schema['x-kubernetes-list-map-keys'];
  const identity = (item: JsonValue): string =>
    JSON.stringify(listType === 'map' && isJsonArray(keys) ? keyMembers(item, keys) : sorted(item));
  const seen = new Set<string>();
  const findings: SchemaFinding[] = [];
  for (const [index, item] of value.entries()) {
    const text = identity(item);
    const message = `Duplicate value: ${text}`;
    if (seen.has(text)) findings.push({ code: 'schema-invalid', path: [...path, index], message, isBlocking: true });
    seen.add(text);
  }
  return findings;
}

function keyMembers(item: JsonValue, keys: readonly JsonValue[]): JsonValue {
  if (!isJsonObject(item)) return item;
  return Object.fromEntries(keys.map((key) => [String(key), item[String(key)]]));
}

/** With members in one order, so that equal values have equal texts. */
function sorted(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, member === undefined ? member : sorted(member)]));
}
