/**
 * Protobuf JSON in the dialect that istiod speaks: names in camelCase or snake_case, numbers also as text, durations in Go's form.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */

import { compareText } from './compare-text.ts';
import { parseDuration, protoDurationText } from './duration.ts';
import { escapeHtmlInJson, membersText, untypedText } from './go-json-text.ts';
import { type EnumSchema, enumDefault, type MessageSchema, type ProtoField, type ProtoScalar, type ProtoSchema } from './message.ts';
import { ownMember, setOwnMember } from './own-member.ts';
import { fail, ok, type Result } from './result.ts';

type Members = Readonly<Record<string, unknown>>;

/** How strictly a message is read. */
export interface DecodeOptions {
  readonly unknownFields: 'ignore' | 'refuse';
}

/** Reads a JSON value into a message. The error names the field (`tracing.zipkin.address: …`). Explicit zero values stay in the answer. */
export function decodeMessage<T>(value: unknown, schema: MessageSchema<T>, options: DecodeOptions): Result<T> {
  const reader: Reader = { options, path: [] };
  const decoded = readMessage(value, schema, reader);
  return reader.error === undefined ? ok(decoded as T) : fail(reader.error);
}

interface Reader {
  readonly options: DecodeOptions;
  readonly path: string[];
  /** The first one. */
  error?: string;
}

function refuse(reader: Reader, message: string): undefined {
  reader.error ??= reader.path.length === 0 ? message : `${reader.path.join('.')}: ${message}`;
  return undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readMessage(value: unknown, schema: MessageSchema, reader: Reader): Members | undefined {
  if (!isMembers(value)) return refuse(reader, `expected ${schema.name}, got ${typeName(value)}`);
  const message: Record<string, unknown> = {};
  const known = new Set<string>();
  for (const [json, field] of schema.fields) {
    known.add(json).add(field.proto);
    const member = ownMember(value, json) ?? ownMember(value, field.proto);
    if (member === undefined || member === null) continue;
    const read = readAt(json, member, field.schema, reader);
    if (read === undefined) continue;
    dropSiblings(message, field, schema);
    message[json] = read;
  }
  if (reader.options.unknownFields === 'refuse') {
    for (const key of Object.keys(value)) if (!known.has(key)) refuse(reader, `unknown field ${JSON.stringify(key)} in ${schema.name}`);
  }
  return message;
}

/** Setting one field of a oneof clears the others. */
function dropSiblings(message: Record<string, unknown>, field: ProtoField, schema: MessageSchema): void {
  if (field.oneof === undefined) return;
  for (const [json, other] of schema.fields) if (other.oneof === field.oneof) delete message[json];
}

function readAt(step: string, value: unknown, schema: ProtoSchema, reader: Reader): unknown {
  reader.path.push(step);
  const read = readValue(value, schema, reader);
  reader.path.pop();
  return read;
}

function readValue(value: unknown, schema: ProtoSchema, reader: Reader): unknown {
  switch (schema.kind) {
    case 'message':
      return readMessage(value, schema, reader);
    case 'enum':
      return readEnum(value, schema, reader);
    case 'list':
      if (!Array.isArray(value)) return refuse(reader, `expected a list, got ${typeName(value)}`);
      return value.map((item, index) => readAt(String(index), item, schema.item, reader));
    case 'map':
      return readMap(value, schema.value, reader);
    default:
      return readScalar(value, schema, reader);
  }
}

function readMap(value: unknown, schema: ProtoSchema, reader: Reader): Members | undefined {
  if (!isMembers(value)) return refuse(reader, `expected a map, got ${typeName(value)}`);
  const members: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setOwnMember(members, key, readAt(key, ownMember(value, key), schema, reader));
  return members;
}

/** A number without a name is kept, as protobuf does: newer senders may know more. */
function readEnum(value: unknown, schema: EnumSchema, reader: Reader): string | number | undefined {
  if (typeof value === 'string' && schema.numbers.has(value)) return value;
  if (typeof value !== 'number' || !fitsInto(value, true)) {
    return refuse(reader, `unknown value ${JSON.stringify(JSON.stringify(value))} for enum ${schema.name}`);
  }
  for (const [name, number] of schema.numbers) if (number === value) return name;
  return value;
}

function readScalar(value: unknown, schema: ProtoScalar, reader: Reader): unknown {
  switch (schema.kind) {
    case 'string':
    case 'bytes':
    case 'timestamp':
      return typeof value === 'string' ? value : refuse(reader, `expected a text, got ${typeName(value)}`);
    case 'bool':
      return typeof value === 'boolean' ? value : refuse(reader, `expected true or false, got ${typeName(value)}`);
    case 'struct':
      return isMembers(value) ? value : refuse(reader, `expected a map, got ${typeName(value)}`);
    case 'duration':
      return readDuration(value, reader);
    case 'double':
      return readNumber(value, Number.isFinite, reader);
    case 'int64':
    case 'uint64':
      return readLongInteger(value, schema.kind, reader);
    default:
      return readNumber(value, (number) => fitsInto(number, schema.kind === 'int32'), reader);
  }
}

function fitsInto(number: number, isSigned: boolean): boolean {
  if (!Number.isInteger(number)) return false;
  return isSigned ? number >= -(2 ** 31) && number < 2 ** 31 : number >= 0 && number < 2 ** 32;
}

const number = /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;
const wholeNumber = /^-?[0-9]+$/;

/** Numbers may stand in quotes. */
function readNumber(value: unknown, isGood: (value: number) => boolean, reader: Reader): number | undefined {
  const read = typeof value === 'string' && number.test(value) ? Number(value) : value;
  return typeof read === 'number' && isGood(read) ? read : refuse(reader, `${JSON.stringify(value)} is no number of this field's type`);
}

/** Of 64 bits: kept as text, because a number cannot hold them all. */
function readLongInteger(value: unknown, kind: 'int64' | 'uint64', reader: Reader): string | undefined {
  const text = typeof value === 'number' && Number.isInteger(value) ? String(BigInt(value)) : value;
  const whole = typeof text === 'string' && wholeNumber.test(text) ? BigInt(text) : undefined;
  const cut = whole === undefined ? undefined : kind === 'int64' ? BigInt.asIntN(64, whole) : BigInt.asUintN(64, whole);
  if (whole === undefined || cut !== whole) return refuse(reader, `${JSON.stringify(value)} is no number of this field's type`);
  return String(whole);
}

function readDuration(value: unknown, reader: Reader): string | undefined {
  const nanoseconds = typeof value === 'string' ? parseDuration(value) : undefined;
  return nanoseconds === undefined
    ? refuse(reader, `bad Duration: time: invalid duration ${JSON.stringify(value)}`)
    : protoDurationText(nanoseconds);
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}

/** Whether protobuf JSON leaves the value out. What is a message (also a wrapper or a duration) is a value wherever it is set. */
export function isDefault(value: unknown, schema: ProtoSchema): boolean {
  if (value === undefined) return true;
  switch (schema.kind) {
    case 'message':
    case 'duration':
    case 'timestamp':
    case 'struct':
      return false;
    case 'list':
      return (value as readonly unknown[]).length === 0;
    case 'map':
      return Object.keys(value as Members).length === 0;
    case 'enum':
      return value === enumDefault(schema);
    default:
      return !schema.isWrapper && (value === '' || value === 0 || value === false || value === '0');
  }
}

/** A field of a oneof says something even if its value is zero: that it is the one. */
function isSet(value: unknown, field: ProtoField): boolean {
  return field.oneof === undefined ? !isDefault(value, field.schema) : value !== undefined;
}

/**
 * Lays a layer over a message, field by field: what the layer sets replaces what was there, nested messages and maps as a whole. The layer is
 * taken as protobuf JSON prints it, so its zero values do not override.
 */
export function mergeMessage<T extends object>(low: T, high: T, schema: MessageSchema<T>): T {
  return overlaid(low, high, schema, isSet);
}

/** Like {@link mergeMessage}, for a layer that was just decoded: zero values that its text spells out override as well. */
export function applyMessage<T extends object>(low: T, high: T, schema: MessageSchema<T>): T {
  return overlaid(low, high, schema, (value) => value !== undefined);
}

function overlaid<T extends object>(
  low: T,
  high: T,
  schema: MessageSchema<T>,
  overrides: (value: unknown, field: ProtoField) => boolean,
): T {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(low));
  for (const [json, field] of schema.fields) {
    const value = ownMember(high as Members, json);
    if (!overrides(value, field)) continue;
    dropSiblings(merged, field, schema);
    merged[json] = value;
  }
  return merged as T;
}

/**
 * One-line protobuf JSON: members in the order of the .proto file, default values left out, Go's HTML escaping. With `omitDefaultsOf` every
 * member that is the same there is left out too.
 */
export function protoJsonText<T>(value: T, schema: MessageSchema<T>, omitDefaultsOf?: T): string {
  const parts = messageParts(value as Members, schema);
  const known = new Set(omitDefaultsOf === undefined ? [] : messageParts(omitDefaultsOf as Members, schema));
  return escapeHtmlInJson(`{${parts.filter((part) => !known.has(part)).join(',')}}`);
}

/** `"name":value` of each member that prints. */
function messageParts(value: Members, schema: MessageSchema): readonly string[] {
  const parts: string[] = [];
  for (const [json, field] of schema.fields) {
    const member = ownMember(value, json);
    if (isSet(member, field)) parts.push(`${JSON.stringify(json)}:${valueText(member, field.schema)}`);
  }
  return parts;
}

function valueText(value: unknown, schema: ProtoSchema): string {
  switch (schema.kind) {
    case 'message':
      return `{${messageParts(value as Members, schema).join(',')}}`;
    case 'list':
      return `[${(value as readonly unknown[]).map((item) => valueText(item, schema.item)).join(',')}]`;
    case 'map': {
      const members = value as Members;
      return membersText(Object.keys(members).sort(compareText), (key) => valueText(ownMember(members, key), schema.value));
    }
    default:
      return untypedText(value, 'sorted');
  }
}
