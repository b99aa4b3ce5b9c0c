/**
 * Protobuf JSON in the dialect that istiod speaks: names in camelCase or snake_case, numbers also as text, durations in Go's form.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */

import { compareText } from './compare-text.ts';
import { parseDuration, protoDurationText } from './duration.ts';
import { goNumberError, goObject, goTypeError } from './go-decode-error.ts';
import { escapeHtmlInJson, membersText, untypedText } from './go-json-text.ts';
import {
  type EnumSchema,
  enumDefault,
  type MessageSchema,
  type ProtoField,
  type ProtoMap,
  type ProtoScalar,
  type ProtoSchema,
  uint32,
} from './message.ts';
import { ownMember, setOwnMember } from './own-member.ts';
import { fail, ok, type Result } from './result.ts';

type Members = Readonly<Record<string, unknown>>;

/** How strictly a message is read. */
export interface DecodeOptions {
  readonly unknownFields: 'ignore' | 'refuse';
}

/** Why a value is no message of its type: the first place that does not fit. */
export interface DecodeFailure {
  /** Into the value, `http[2].route[0].weight`, `labels[app]`; empty for the whole. */
  readonly path: string;
  /** In our words. */
  readonly message: string;
  /** In the words of Go's decoder, which istiod passes on to its users. */
  readonly goMessage: string;
}

/** Reads a JSON value into a message. The error names the field (`tracing.zipkin.address: …`). Explicit zero values stay in the answer. */
export function decodeMessage<T>(value: unknown, schema: MessageSchema<T>, options: DecodeOptions): Result<T> {
  const reader: Reader = { options, path: [] };
  const decoded = readMessage(value, schema, reader);
  if (reader.failure === undefined) return ok(decoded as T);
  const { path, message } = reader.failure;
  return fail(path.length === 0 ? message : `${path.map(stepName).join('.')}: ${message}`);
}

/** {@link decodeMessage} that tells place and reason apart. @param options by default, fields that the schema does not know are ignored */
export function readProtoMessage<T>(
  value: unknown,
  schema: MessageSchema<T>,
  options: DecodeOptions = { unknownFields: 'ignore' },
): { readonly ok: true; readonly value: T } | ({ readonly ok: false } & DecodeFailure) {
  const reader: Reader = { options, path: [] };
  const decoded = readMessage(value, schema, reader);
  if (reader.failure === undefined) return { ok: true, value: decoded as T };
  const { path, message, goMessage } = reader.failure;
  return { ok: false, path: pathText(path), message, goMessage: goMessage ?? message };
}

interface Reader {
  readonly options: DecodeOptions;
  readonly path: Step[];
  /** The first one. */
  failure?: { readonly path: readonly Step[]; readonly message: string; readonly goMessage: string | undefined };
}

/** A field's name, a list's index or a map's key. */
type Step = string | number | { readonly key: string };

function stepName(step: Step): string {
  return typeof step === 'object' ? step.key : String(step);
}

function pathText(path: readonly Step[]): string {
  return path.map((step, index) => (typeof step !== 'string' ? `[${stepName(step)}]` : index === 0 ? step : `.${step}`)).join('');
}

/** Without a text of Go's decoder the two say the same. */
function refuse(reader: Reader, message: string, goMessage?: string): undefined {
  reader.failure ??= { path: [...reader.path], message, goMessage };
  return undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readMessage(value: unknown, schema: MessageSchema, reader: Reader): Members | undefined {
  if (!isMembers(value)) return refuse(reader, `expected ${schema.name}, got ${typeName(value)}`, goTypeError(value, goObject));
  const message: Record<string, unknown> = {};
  for (const [json, field] of schema.fields) {
    const member = ownMember(value, json) ?? ownMember(value, field.proto);
    if (member === undefined || member === null) continue;
    const read = readAt(json, member, field.schema, reader);
    if (read === undefined) continue;
    dropSiblings(message, field, schema);
    message[json] = read;
  }
  if (reader.options.unknownFields === 'refuse') refuseUnknown(value, schema, reader);
  return message;
}

function refuseUnknown(value: Members, schema: MessageSchema, reader: Reader): void {
  const known = new Set([...schema.fields.values()].flatMap(({ json, proto }) => [json, proto]));
  for (const key of Object.keys(value)) if (!known.has(key)) refuse(reader, `unknown field ${JSON.stringify(key)} in ${schema.name}`);
}

/** Setting one field of a oneof clears the others. */
function dropSiblings(message: Record<string, unknown>, field: ProtoField, schema: MessageSchema): void {
  if (field.oneof === undefined) return;
  for (const [json, other] of schema.fields) {
    // Deleting what is not there slows every later look at the object.
    if (other.oneof === field.oneof && Object.hasOwn(message, json)) delete message[json];
  }
}

function readAt(step: Step, value: unknown, schema: ProtoSchema, reader: Reader): unknown {
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
      if (!Array.isArray(value)) return refuse(reader, `expected a list, got ${typeName(value)}`, goTypeError(value, '[]json.RawMessage'));
      return value.map((item, index) => readAt(index, orZero(item, schema.item), schema.item, reader));
    case 'map':
      return readMap(value, schema, reader);
    default:
      return readScalar(value, schema, reader);
  }
}

function readMap(value: unknown, { key: keyKind, value: schema }: ProtoMap, reader: Reader): Members | undefined {
  if (!isMembers(value)) return refuse(reader, `expected a map, got ${typeName(value)}`, goTypeError(value, goObject));
  const members: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (keyKind === 'uint32') readAt({ key }, key, uint32, reader);
    setOwnMember(members, key, readAt({ key }, orZero(ownMember(value, key), schema), schema, reader));
  }
  return members;
}

const typeMember = '@type';

/** What is wrong inside is told with the type around it. */
function readAny(value: unknown, { resolve }: ProtoScalar, reader: Reader): Members | undefined {
  if (!isMembers(value))
    return refuse(reader, `expected a message with its ${typeMember}, got ${typeName(value)}`, goTypeError(value, goObject));
  const { [typeMember]: url, ...members } = value;
  if (url === undefined || url === null) return refuse(reader, `Any JSON doesn't have '${typeMember}'`);
  if (typeof url !== 'string') return refuse(reader, `can't unmarshal Any's '${typeMember}': ${JSON.stringify(JSON.stringify(url))}`);
  const schema = resolve?.(url.slice(url.lastIndexOf('/') + 1));
  if (schema === undefined) return refuse(reader, `could not resolve Any message type: ${url}`);
  const known = reader.failure;
  const read = readValue(members, schema, reader);
  if (known === undefined && reader.failure !== undefined) {
    const { path, message, goMessage = message } = reader.failure;
    const around = `can't unmarshal Any nested proto ${url}: `;
    reader.failure = { path, message: around + message, goMessage: around + goMessage };
  }
  return { [typeMember]: url, ...(isMembers(read) ? read : {}) };
}

/** Istio compatibility: null as a list's item or a map's value is the zero value of its type. */
function orZero(value: unknown, schema: ProtoSchema): unknown {
  if (value !== null && value !== undefined) return value;
  switch (schema.kind) {
    case 'enum':
      return enumDefault(schema);
    case 'string':
    case 'bytes':
      return '';
    case 'bool':
      return false;
    case 'list':
      return [];
    case 'message':
    case 'any':
    case 'map':
    case 'struct':
      return {};
    case 'duration':
    case 'timestamp':
    case 'json':
      return value;
    default:
      return 0;
  }
}

/** A number without a name is kept, as protobuf does: newer senders may know more. */
function readEnum(value: unknown, schema: EnumSchema, reader: Reader): string | number | undefined {
  if (typeof value === 'string' && schema.numbers.has(value)) return value;
  if (typeof value !== 'number' || !fitsInto(value, true)) {
    const message = `unknown value ${JSON.stringify(shown(value))} for enum ${schema.name}`;
    return refuse(reader, message, typeof value === 'string' ? message : goTypeError(value, 'protoreflect.EnumNumber'));
  }
  for (const [name, number] of schema.numbers) if (number === value) return name;
  return value;
}

function readScalar(value: unknown, schema: ProtoScalar, reader: Reader): unknown {
  switch (schema.kind) {
    case 'bytes':
      return readBytes(value, reader);
    case 'string':
    case 'timestamp':
      return typeof value === 'string' ? value : refuse(reader, `expected a text, got ${typeName(value)}`, goTypeError(value, 'string'));
    case 'bool':
      return typeof value === 'boolean'
        ? value
        : refuse(reader, `expected true or false, got ${typeName(value)}`, goTypeError(value, 'bool'));
    case 'struct':
      return isMembers(value) ? value : refuse(reader, `expected a map, got ${typeName(value)}`, goTypeError(value, goObject));
    case 'json':
      return value;
    case 'any':
      return readAny(value, schema, reader);
    case 'duration':
      return readDuration(value, reader);
    case 'double':
      return readNumber(value, schema.kind, reader);
    case 'int64':
    case 'uint64':
      return readLongInteger(value, schema.kind, reader);
    default:
      return readNumber(value, schema.kind, reader);
  }
}

function fitsInto(number: number, isSigned: boolean): boolean {
  if (!Number.isInteger(number)) return false;
  return isSigned ? number >= -(2 ** 31) && number < 2 ** 31 : number >= 0 && number < 2 ** 32;
}

const number = /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;
const wholeNumber = /^-?[0-9]+$/;

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Base64 with its padding, kept as text. */
function readBytes(value: unknown, reader: Reader): string | undefined {
  if (typeof value !== 'string') return refuse(reader, `expected base64, got ${typeName(value)}`, goTypeError(value, '[]uint8'));
  if (value.length % 4 === 0 && base64.test(value)) return value;
  return refuse(reader, `${shown(value)} is no base64`, `illegal base64 data at input byte ${value.search(notBase64)}`);
}

/** Where base64 ends: at another character, or at the end of a text of the wrong length. */
const notBase64 = /[^A-Za-z0-9+/]|$/;

type NumberKind = 'double' | 'int32' | 'uint32';

/** Numbers may stand in quotes. */
function readNumber(value: unknown, kind: NumberKind, reader: Reader): number | undefined {
  const form = kind === 'double' ? number : wholeNumber;
  const read = typeof value === 'string' && form.test(value) ? Number(value) : value;
  if (typeof read === 'number' && (kind === 'double' ? Number.isFinite(read) : fitsInto(read, kind === 'int32'))) return read;
  return refuseNumber(value, kind, reader);
}

function refuseNumber(value: unknown, kind: ProtoScalar['kind'], reader: Reader): undefined {
  return refuse(reader, `${shown(value)} is no number of this field's type`, goNumberError(value, kind === 'double' ? 'float64' : kind));
}

/** Of 64 bits: kept as text, because a number cannot hold them all. */
function readLongInteger(value: unknown, kind: 'int64' | 'uint64', reader: Reader): string | undefined {
  const text = typeof value === 'number' && Number.isInteger(value) ? String(BigInt(value)) : value;
  const whole = typeof text === 'string' && wholeNumber.test(text) ? BigInt(text) : undefined;
  const cut = whole === undefined ? undefined : kind === 'int64' ? BigInt.asIntN(64, whole) : BigInt.asUintN(64, whole);
  if (whole === undefined || cut !== whole) return refuseNumber(value, kind, reader);
  return String(whole);
}

function readDuration(value: unknown, reader: Reader): string | undefined {
  const nanoseconds = typeof value === 'string' ? parseDuration(value) : undefined;
  if (nanoseconds !== undefined) return protoDurationText(nanoseconds);
  const message = `bad Duration: time: invalid duration ${shown(value)}`;
  return refuse(reader, message, typeof value === 'string' ? message : goTypeError(value, 'string'));
}

/** The value in a message; of what may be large or deep only its type. */
function shown(value: unknown): string {
  return typeof value === 'object' ? typeName(value) : JSON.stringify(value);
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
    case 'any':
    case 'duration':
    case 'timestamp':
    case 'struct':
    case 'json':
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
