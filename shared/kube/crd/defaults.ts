import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import { ownMember, setOwnMember } from '../../lib/own-member.ts';
import { memberSchema, type StructuralSchema } from './schema.ts';

/** The value as the API server completes it before it checks anything: absent members take their default, also those that are null but may not be. */
export function withDefaults(value: JsonValue, schema: StructuralSchema): JsonValue {
  if (isJsonArray(value)) {
    const { items } = schema;
    return isJsonObject(items) ? value.map((item) => withDefaults(item, items)) : value;
  }
  return isJsonObject(value) ? membersWithDefaults(value, schema) : value;
}

function membersWithDefaults(value: JsonObject, schema: StructuralSchema): JsonObject {
  const completed: Record<string, JsonValue | undefined> = {};
  for (const [key, member] of Object.entries(value)) {
    const below = memberSchema(schema, key);
    setOwnMember(completed, key, member === undefined || below === undefined ? member : withDefaults(member, below));
  }
  const { properties } = schema;
  for (const [key, property] of Object.entries(isJsonObject(properties) ? properties : {})) {
    const given = ownMember(completed, key);
    if (!isJsonObject(property) || property['default'] === undefined) continue;
    if (given === undefined || (given === null && property['nullable'] !== true)) setOwnMember(completed, key, property['default']);
  }
  return completed;
}
