/** The schemas of CustomResourceDefinitions, by the objects that they are for. */

import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, objectAt } from '../../lib/json.ts';
import { withDefaults } from './defaults.ts';
import { duplicateItems } from './list-types.ts';
import { openApiCheck } from './openapi.ts';
import { brokenRules } from './rules.ts';
import type { SchemaFinding, StructuralSchema } from './schema.ts';
import { unknownFields } from './unknown-fields.ts';

/** What an API server with these definitions says of one object. */
export interface ObjectSchemas {
  /** How many kinds are defined. */
  readonly kinds: number;
  /** All that it would refuse; undefined for kinds that no definition is about. */
  readonly check: (object: JsonObject) => readonly SchemaFinding[] | undefined;
}

interface Definition {
  /** By version; those that are served. */
  readonly versions: ReadonlyMap<string, StructuralSchema>;
}

/** Takes the CustomResourceDefinitions among the objects; all others are passed over. */
export function objectSchemas(objects: readonly JsonObject[]): ObjectSchemas {
  const definitions = new Map<string, Definition>();
  for (const object of objects) {
    if (object['kind'] !== 'CustomResourceDefinition') continue;
    const spec = objectAt(object, 'spec');
    definitions.set(`${spec['group']}/${objectAt(spec, 'names')['kind']}`, { versions: versionsOf(spec) });
  }
  const checks = new Map<StructuralSchema, (object: JsonValue) => readonly SchemaFinding[]>();
  return {
    kinds: definitions.size,
    check: (object) => {
      const [group, version] = String(object['apiVersion']).split('/', 2);
      const definition = definitions.get(`${group}/${object['kind']}`);
      if (!definition) return undefined;
      const schema = definition.versions.get(version ?? '');
      if (!schema) return [unservedVersion(String(version), definition)];
      const check = checks.get(schema) ?? schemaCheck(schema);
      checks.set(schema, check);
      return check(object);
    },
  };
}

function versionsOf(spec: JsonObject): Definition['versions'] {
  const versions = isJsonArray(spec['versions']) ? spec['versions'].filter(isJsonObject) : [];
  const served = versions.filter((version) => version['served'] !== false);
  return new Map(served.map((version) => [String(version['name']), objectAt(objectAt(version, 'schema'), 'openAPIV3Schema')]));
}

function unservedVersion(version: string, { versions }: Definition): SchemaFinding {
  const message = `Invalid value: version ${version} is not served; use ${[...versions.keys()].join(' or ')}`;
  return { code: 'schema-invalid', path: ['apiVersion'], message, isBlocking: true };
}

/** In the order of the API server: defaults, OpenAPI, lists, unknown members, and rules where the rest leaves them something to be asked about. */
function schemaCheck(schema: StructuralSchema): (object: JsonValue) => readonly SchemaFinding[] {
  const complete = withTypeMeta(schema);
  const openApi = openApiCheck(complete);
  return (object) => {
    const node = { path: [], value: withDefaults(object, complete), schema: complete };
    const findings = [...openApi(node.value), ...duplicateItems(node), ...unknownFields(node)];
    return findings.some(({ isBlocking }) => isBlocking) ? findings : [...findings, ...brokenRules(node)];
  };
}

/** Every object has these, whatever its definition says; `metadata` is Kubernetes' own. */
function withTypeMeta(schema: StructuralSchema): StructuralSchema {
  const own = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const text = { type: 'string' };
  return { ...schema, properties: { ...objectAt(schema, 'properties'), apiVersion: text, kind: text, metadata: own } };
}
