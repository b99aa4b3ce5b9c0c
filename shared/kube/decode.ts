/**
 * Reads JSON as Go reads it into a Kubernetes type: members that the type lacks and nulls vanish, quantities become canonical, a wrong type is
 * an error in the words of Go's encoding/json. What needs no change is returned as it came, not copied.
 */

import { ownMember, setOwnMember } from '../lib/own-member.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { parseQuantity } from './quantity.ts';
import type { Field, ListSchema, MapSchema, ScalarKind, ScalarSchema, Schema, StructSchema } from './schema.ts';

type JsonMembers = Readonly<Record<string, unknown>>;

export interface DecodeOptions {
  /** `drop`: leave out zero values that Go's encoder would leave out (omitempty), so that they read as absent. Default `keep`. */
  readonly zeros?: 'keep' | 'drop';
  /** A value that was decoded in the same way before: what is shared with it is not read again. */
  readonly known?: unknown;
}

/** Where the reader is, and the first things that went wrong. */
interface Reader {
  readonly dropsZeros: boolean;
  readonly structs: StructSchema[];
  readonly fields: Field[];
  /** A value that a type's own reader refuses (a quantity) ends Go's decoding, so it outranks a wrong type found before. */
  refused?: string;
  wrongType?: string;
}

/** Reads a JSON value into the described type. Zero values that are not there are not added. */
export function decode<T>(value: unknown, schema: Schema<T>, options: DecodeOptions = {}): Result<T> {
  const reader: Reader = { dropsZeros: options.zeros === 'drop', structs: [], fields: [] };
  const decoded = readValue(value, schema, reader, options.known);
  const error = reader.refused ?? reader.wrongType;
  return error === undefined ? ok(decoded as T) : fail(error);
}

/** Undefined after an error, which the reader then knows. */
function readValue(value: unknown, schema: Schema, reader: Reader, known?: unknown): unknown {
  if (value === known) return value;
  switch (schema.kind) {
    case 'struct':
      return isMembers(value) ? readStruct(value, schema, reader, known) : wrongType(value, schema, reader);
    case 'list':
      return Array.isArray(value) ? readList(value, schema, reader, known) : wrongType(value, schema, reader);
    case 'map':
      return isMembers(value) ? readMap(value, schema, reader) : wrongType(value, schema, reader);
    default:
      return readScalar(value, schema, reader);
  }
}

function isMembers(value: unknown): value is JsonMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readStruct(value: JsonMembers, schema: StructSchema, reader: Reader, known: unknown): JsonMembers {
  const knownMembers = isMembers(known) ? known : undefined;
  let copy: Record<string, unknown> | undefined;
  reader.structs.push(schema);
  for (const key in value) {
    const field = schema.fields.get(key);
    const member = value[key];
    const read =
      field === undefined || member === undefined || member === null ? undefined : readField(member, field, reader, knownMembers?.[key]);
    if (copy === undefined && read !== member) copy = membersBefore(value, key);
    if (copy !== undefined && read !== undefined) copy[key] = read;
  }
  reader.structs.pop();
  return copy ?? value;
}

/** Undefined for what shall not be there. */
function readField(member: unknown, field: Field, reader: Reader, known: unknown): unknown {
  reader.fields.push(field);
  const read = readValue(member, field.schema, reader, known);
  reader.fields.pop();
  return reader.dropsZeros && field.zero === 'omit' && isZero(read, field.schema) ? undefined : read;
}

/** Structs are none: a pointer to an empty one says something (`emptyDir: {}`), and Go never omits an embedded one. */
function isZero(value: unknown, schema: Schema): boolean {
  switch (schema.kind) {
    case 'struct':
      return false;
    case 'list':
      return Array.isArray(value) && value.length === 0;
    case 'map':
      return isMembers(value) && Object.keys(value).length === 0;
    default:
      return value === '' || value === 0 || value === false;
  }
}

function membersBefore(value: JsonMembers, end: string): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    if (key === end) break;
    setOwnMember(copy, key, ownMember(value, key));
  }
  return copy;
}

/** A null item keeps its place: it is the zero value. */
function readList(value: readonly unknown[], schema: ListSchema, reader: Reader, known: unknown): readonly unknown[] {
  const knownItems = Array.isArray(known) && known.length > 0 ? new Set<unknown>(known) : undefined;
  let copy: unknown[] | undefined;
  let index = 0;
  for (const item of value) {
    const read = knownItems?.has(item) ? item : readItem(item, schema.item, reader, knownItems && (known as readonly unknown[])[index]);
    if (copy === undefined && read !== item) copy = value.slice(0, index);
    copy?.push(read);
    index += 1;
  }
  return copy ?? value;
}

function readItem(item: unknown, schema: Schema, reader: Reader, known?: unknown): unknown {
  return item === null || item === undefined ? zeroValue(schema) : readValue(item, schema, reader, known);
}

function readMap(value: JsonMembers, schema: MapSchema, reader: Reader): JsonMembers {
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    const member = value[key];
    const read = readItem(member, schema.value, reader);
    if (copy === undefined && read !== member) copy = membersBefore(value, key);
    if (copy !== undefined) setOwnMember(copy, key, read);
  }
  return copy ?? value;
}

const zeroScalars: Readonly<Record<ScalarKind, unknown>> = {
  string: '',
  bool: false,
  int32: 0,
  int64: 0,
  quantity: '0',
  intOrString: 0,
  time: '',
  bytes: '',
  opaque: null,
};

function zeroValue(schema: Schema): unknown {
  if (schema.kind === 'list') return [];
  if (schema.kind === 'map' || schema.kind === 'struct') return {};
  return zeroScalars[schema.kind];
}

function readScalar(value: unknown, schema: ScalarSchema, reader: Reader): unknown {
  switch (schema.kind) {
    case 'opaque':
      return value;
    case 'bool':
      return typeof value === 'boolean' ? value : wrongType(value, schema, reader);
    case 'int32':
    case 'int64':
      return isWhole(value, schema.kind) ? value : wrongType(value, schema, reader);
    case 'intOrString':
      return typeof value === 'string' || isWhole(value, 'int32') ? value : wrongType(value, schema, reader);
    case 'quantity':
      return readQuantity(value, reader);
    case 'time':
      return typeof value === 'string' ? readTime(value, reader) : wrongType(value, schema, reader);
    default:
      return typeof value === 'string' ? value : wrongType(value, schema, reader);
  }
}

function isWhole(value: unknown, kind: 'int32' | 'int64'): value is number {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  return kind === 'int64' ? Math.abs(value) <= 2 ** 63 : value >= -(2 ** 31) && value < 2 ** 31;
}

function readQuantity(value: unknown, reader: Reader): string | undefined {
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  const parsed = parseQuantity(text);
  if (parsed.ok) return parsed.value;
  reader.refused ??= parsed.error;
  return undefined;
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Kubernetes prints times in UTC and whole seconds. */
function readTime(value: string, reader: Reader): string | undefined {
  const milliseconds = rfc3339.test(value) ? Date.parse(value.replace(',', '.')) : Number.NaN;
  if (!Number.isNaN(milliseconds)) return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
  reader.refused ??= `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`;
  return undefined;
}

function wrongType(value: unknown, schema: Schema, reader: Reader): undefined {
  reader.wrongType ??= `json: cannot unmarshal ${jsonTypeName(value, schema)} into ${place(reader)} of type ${goTypeName(schema)}`;
  return undefined;
}

/** Go names the struct that has the field, and the way to it without list positions and map keys. */
function place(reader: Reader): string {
  const owner = reader.structs.at(-1);
  if (!owner) return 'Go value';
  const path = reader.fields.flatMap((field) => (field.embedded === undefined ? [field.json] : [field.embedded, field.json]));
  return `Go struct field ${owner.name}.${path.join('.')}`;
}

function jsonTypeName(value: unknown, schema: Schema): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value !== 'number') return typeof value;
  const isNumeric = schema.kind === 'int32' || schema.kind === 'int64' || schema.kind === 'intOrString';
  return isNumeric ? `number ${value}` : 'number';
}

const goScalars: Readonly<Record<ScalarKind, string>> = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  quantity: 'resource.Quantity',
  intOrString: 'int32',
  time: 'string',
  bytes: '[]uint8',
  opaque: 'interface {}',
};

function goTypeName(schema: Schema): string {
  switch (schema.kind) {
    case 'struct':
      return `v1.${schema.name}`;
    case 'list':
      return `[]${goTypeName(schema.item)}`;
    case 'map':
      return schema.name ?? `map[string]${goTypeName(schema.value)}`;
    default:
      return schema.name ?? goScalars[schema.kind];
  }
}
