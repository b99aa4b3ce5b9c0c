/**
 * A structural schema of a CustomResourceDefinition: OpenAPI v3 as Kubernetes restricts it, with its extensions.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */

import type { FieldPath } from '../../lib/field-path.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import { ownMember } from '../../lib/own-member.ts';

export type StructuralSchema = JsonObject;

/** A value and the schema for it. */
export interface SchemaNode {
  readonly path: FieldPath;
  readonly value: JsonValue;
  readonly schema: StructuralSchema;
}

/** Something that the API server would refuse. */
export interface SchemaFinding {
  readonly code: 'schema-invalid' | 'schema-unknown-field' | 'schema-rule';
  readonly path: FieldPath;
  readonly message: string;
  /** The value is not what rules of the schema could be asked about. */
  readonly isBlocking: boolean;
}

/** The schema of a member; undefined if there is none. */
export function memberSchema(schema: StructuralSchema, key: string): StructuralSchema | undefined {
  const { properties, additionalProperties } = schema;
  const property = isJsonObject(properties) ? ownMember(properties, key) : undefined;
  if (isJsonObject(property)) return property;
  if (isJsonObject(additionalProperties)) return additionalProperties;
  return additionalProperties === true ? {} : undefined;
}

/** Members and items that the schema says something of. */
export function children({ path, value, schema }: SchemaNode): readonly SchemaNode[] {
  if (isJsonArray(value)) {
    const { items } = schema;
    return isJsonObject(items) ? value.map((item, index) => ({ path: [...path, index], value: item, schema: items })) : [];
  }
  if (!isJsonObject(value)) return [];
  const nodes: SchemaNode[] = [];
  for (const [key, member] of Object.entries(value)) {
    const below = memberSchema(schema, key);
    if (below && member !== undefined) nodes.push({ path: [...path, key], value: member, schema: below });
  }
  return nodes;
}

/** The node and all below it, outer ones first. */
export function* nodes(root: SchemaNode): Generator<SchemaNode> {
  yield root;
  for (const child of children(root)) yield* nodes(child);
}
