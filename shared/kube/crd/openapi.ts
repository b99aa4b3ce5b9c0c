import { Ajv, type ErrorObject } from 'ajv';
import { RE2JS } from 're2js';
import type { FieldPath } from '../../lib/field-path.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../../lib/json.ts';
import { toJsonSchema } from './json-schema.ts';
import type { SchemaFinding, StructuralSchema } from './schema.ts';

type OpenApiCheck = (value: JsonValue) => readonly SchemaFinding[];

/** Makes the check for a schema: types, required members, bounds, enums, patterns, alternatives. Patterns are RE2's, as in Go. */
export function openApiCheck(schema: StructuralSchema): OpenApiCheck {
  const regExp = Object.assign((pattern: string) => RE2JS.compile(pattern), { code: 'RE2JS' });
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, addUsedSchema: false, code: { regExp }, formats });
  const validate = ajv.compile(toJsonSchema(schema));
  return (value) => (validate(value) ? [] : findings(validate.errors ?? [], value));
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What format a text has; those of numbers are bounds that the schema gives as well. */
const formats = { 'date-time': dateTime, byte: base64, int32: true, int64: true, float: true, double: true } as const;

const composite = /\/(?:oneOf|anyOf|not)\//;

/** Of alternatives only their own error, not that of every branch; of a value of the wrong type nothing else. */
function findings(errors: readonly ErrorObject[], root: JsonValue): readonly SchemaFinding[] {
  const wrongTypes = new Set(errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath));
  return errors
    .filter(({ schemaPath, keyword, instancePath }) => !composite.test(schemaPath) && (keyword === 'type' || !wrongTypes.has(instancePath)))
    .map((error) => ({
      code: 'schema-invalid',
      path: pathOf(error, root),
      message: messageOf(error),
      isBlocking: blocking.has(error.keyword),
    }));
}

/** Kubernetes asks no rule about a value with one of these. */
const blocking: ReadonlySet<string> = new Set(['type', 'required', 'maxItems', 'maxLength', 'maxProperties']);

/** From a JSON pointer; numbers are indexes where the value is a list. */
function pathOf({ instancePath, keyword, params }: ErrorObject, root: JsonValue): FieldPath {
  const path: (string | number)[] = [];
  let value: JsonValue | undefined = root;
  for (const escaped of instancePath.split('/').slice(1)) {
    const step = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(isJsonArray(value) ? Number(step) : step);
    value = isJsonArray(value) ? value[Number(step)] : isJsonObject(value) ? value[step] : undefined;
  }
  return keyword === 'required' ? [...path, params['missingProperty']] : path;
}

/** In the words of the API server, which users know from `kubectl apply`. */
function messageOf({ keyword, params, data, schema, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'Required value';
    case 'type':
      return `Invalid value: must be of type ${[params['type']].flat().join(' or ')}, not ${typeName(data)}`;
    case 'enum':
      return `Unsupported value: ${shown(data)}: supported values: ${params['allowedValues'].map((value: unknown) => JSON.stringify(value)).join(', ')}`;
    case 'pattern':
      return `Invalid value: ${shown(data)}: should match '${params['pattern']}'`;
    case 'oneOf':
    case 'anyOf':
      return `Invalid value: ${alternatives(keyword, schema)}`;
    case 'maxItems':
      return `Too many: must have at most ${params['limit']} items`;
    default:
      return `Invalid value: ${bounds[keyword]?.(params['limit']) ?? message ?? keyword}`;
  }
}

const bounds: Readonly<Record<string, (limit: number) => string>> = {
  minimum: (limit) => `should be greater than or equal to ${limit}`,
  maximum: (limit) => `should be less than or equal to ${limit}`,
  minLength: (limit) => `should be at least ${limit} chars long`,
  maxLength: (limit) => `may not be longer than ${limit} chars`,
  minItems: (limit) => `should have at least ${limit} items`,
  minProperties: (limit) => `should have at least ${limit} properties`,
  maxProperties: (limit) => `must have at most ${limit} properties`,
};

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const longest = 60;

/** A long text may be a key or a token. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** A protobuf oneof is a list of branches that each want one member. */
function alternatives(keyword: string, branches: unknown): string {
  const names = (Array.isArray(branches) ? branches : []).flatMap((branch) => branch['required'] ?? []);
  if (keyword === 'oneOf' && names.length > 0) return `only one of ${names.join(', ')} can be set`;
  return `fits none of the ${Array.isArray(branches) ? branches.length : ''} forms that are allowed`;
}
