/**
 * Protobuf messages as data: one description gives the TypeScript type, the reading of protobuf JSON, its printing, the merging of layers and the
 * Go names that user templates write. Values keep protobuf JSON's form: durations are texts (`45s`), enums names, wrappers bare, 64-bit integers
 * decimal texts.
 */

import type { JsonObject, JsonValue } from './json.ts';

/** A described type; `T` is what a decoded value looks like. */
export type ProtoSchema<T = unknown> = ProtoScalar<T> | EnumSchema<T> | ProtoList<T> | ProtoMap<T> | MessageSchema<T>;

/** The TypeScript type of what a schema describes. */
export type InferMessage<S> = S extends { readonly type?: infer T } ? Exclude<T, undefined> : never;

export type ProtoScalarKind =
  | 'string'
  | 'bool'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'double'
  | 'bytes'
  | 'duration'
  | 'timestamp'
  | 'struct'
  /** `google.protobuf.Value`: any JSON. */
  | 'json'
  /** `google.protobuf.Any`: a message that says itself of which type it is. */
  | 'any';

export type ResolveType = (typeName: string) => ProtoSchema | undefined;

export interface ProtoScalar<T = unknown> {
  readonly kind: ProtoScalarKind;
  /** A wrapper (`BoolValue`): its zero value is a value, not an absence. Durations, timestamps and structs are so by nature. */
  readonly isWrapper?: true;
  /** Of an `any`: the type by its full protobuf name; undefined for one that nobody knows. */
  readonly resolve?: ResolveType;
  /** Never set: carries the type. */
  readonly type?: T;
}

export interface EnumSchema<T = unknown> {
  readonly kind: 'enum';
  /** Full protobuf name, as messages print it. */
  readonly name: string;
  readonly numbers: ReadonlyMap<string, number>;
  readonly type?: T;
}

export interface ProtoList<T = unknown> {
  readonly kind: 'list';
  readonly item: ProtoSchema;
  readonly type?: T;
}

export interface ProtoMap<T = unknown> {
  readonly kind: 'map';
  /** What keys are; in JSON they are texts in any case. */
  readonly key: 'string' | 'uint32';
  readonly value: ProtoSchema;
  readonly type?: T;
}

export interface MessageSchema<T = unknown> {
  readonly kind: 'message';
  /** Full protobuf name. */
  readonly name: string;
  /** By JSON name, in the order of the .proto file, which is the order of printing. */
  readonly fields: ReadonlyMap<string, ProtoField>;
  readonly type?: T;
}

export interface ProtoField {
  readonly json: string;
  /** Name in the .proto file; JSON may use it too. */
  readonly proto: string;
  /** Go field name. */
  readonly go: string;
  /** Go name of the oneof that the field belongs to: only one field of it can be set. */
  readonly oneof?: string;
  readonly schema: ProtoSchema;
}

/** A field that belongs to a oneof, or whose proto name does not follow from its JSON name. */
export interface ProtoFieldSpec<T = unknown> {
  readonly schema: ProtoSchema<T>;
  readonly proto?: string;
  readonly oneof?: string;
  readonly type?: T;
}

export const string: ProtoScalar<string> = { kind: 'string' };
export const bytes: ProtoScalar<string> = { kind: 'bytes' };
export const bool: ProtoScalar<boolean> = { kind: 'bool' };
export const int32: ProtoScalar<number> = { kind: 'int32' };
export const uint32: ProtoScalar<number> = { kind: 'uint32' };
export const double: ProtoScalar<number> = { kind: 'double' };
export const int64: ProtoScalar<string> = { kind: 'int64' };
export const uint64: ProtoScalar<string> = { kind: 'uint64' };
export const duration: ProtoScalar<string> = { kind: 'duration' };
export const structValue: ProtoScalar<JsonObject> = { kind: 'struct' };
export const timestamp: ProtoScalar<string> = { kind: 'timestamp' };
export const jsonValue: ProtoScalar<JsonValue> = { kind: 'json' };
export const boolValue: ProtoScalar<boolean> = { kind: 'bool', isWrapper: true };
export const int32Value: ProtoScalar<number> = { kind: 'int32', isWrapper: true };
export const uint32Value: ProtoScalar<number> = { kind: 'uint32', isWrapper: true };
export const doubleValue: ProtoScalar<number> = { kind: 'double', isWrapper: true };
export const int64Value: ProtoScalar<string> = { kind: 'int64', isWrapper: true };

export function list<T>(item: ProtoSchema<T>): ProtoList<readonly T[]> {
  return { kind: 'list', item };
}

export function map<T>(value: ProtoSchema<T>, key: ProtoMap['key'] = 'string'): ProtoMap<Readonly<Record<string, T>>> {
  return { kind: 'map', key, value };
}

/** An enum; without numbers its names count from 0. */
export function enumeration<const N extends string>(name: string, names: readonly N[] | Readonly<Record<N, number>>): EnumSchema<N> {
  const numbers = new Map<string, number>();
  for (const [key, value] of Object.entries<string | number>(names)) {
    if (typeof value === 'number') numbers.set(key, value);
    else numbers.set(value, Number(key));
  }
  return { kind: 'enum', name, numbers };
}

type ProtoFields = Readonly<Record<string, ProtoSchema | ProtoFieldSpec>>;
type MessageTypes<F> = { readonly [K in keyof F]?: InferMessage<F[K]> };
type OneofFields<F> = { readonly [K in keyof F]: ProtoFieldSpec<InferMessage<F[K]>> };

/** Describes a message; fields in the order of the .proto file, those of a oneof spread in their place. */
export function message<const F extends ProtoFields>(name: string, fields: F): MessageSchema<MessageTypes<F>> {
  return { kind: 'message', name, fields: fieldTable(fields) };
}

/** A message that contains itself: its fields are asked for when they are first needed. */
export function lazyMessage<T>(name: string, fields: () => ProtoFields): MessageSchema<T> {
  let table: ReadonlyMap<string, ProtoField> | undefined;
  return {
    kind: 'message',
    name,
    get fields() {
      table ??= fieldTable(fields());
      return table;
    },
  };
}

/** The fields of a oneof; `name` is its Go name. */
export function oneof<const F extends ProtoFields>(name: string, fields: F): OneofFields<F> {
  const entries = Object.entries(fields).map(([json, given]) => [json, { ...fieldSpec(given), oneof: name }]);
  return Object.fromEntries(entries);
}

/** A field with its name in the .proto file, where that does not follow from the JSON name. */
export function protoNamed<T>(schema: ProtoSchema<T>, proto: string): ProtoFieldSpec<T> {
  return { schema, proto };
}

function fieldTable(fields: ProtoFields): ReadonlyMap<string, ProtoField> {
  return new Map(Object.entries(fields).map(([json, given]) => [json, protoField(json, fieldSpec(given))]));
}

function protoField(json: string, { schema, proto = snakeCase(json), oneof: group }: ProtoFieldSpec): ProtoField {
  const field = { json, proto, go: goName(proto), schema };
  return group === undefined ? field : { ...field, oneof: group };
}

function fieldSpec(given: ProtoSchema | ProtoFieldSpec): ProtoFieldSpec {
  return 'kind' in given ? { schema: given } : given;
}

const upperCase = /[A-Z]/g;
const wordStart = /_([a-z])|^([a-z])|([0-9])([a-z])/g;

function snakeCase(json: string): string {
  return json.replace(upperCase, (letter) => `_${letter.toLowerCase()}`);
}

/** protoc-gen-go capitalises words, also behind a digit (`http2Initial` is `Http2Initial`, `k8s_sa` is `K8SSa`). */
function goName(proto: string): string {
  return proto.replace(wordStart, (_, word = '', first = '', digit = '', letter = '') => digit + (word + first + letter).toUpperCase());
}

/** The name of an enum's first value, which is its default. */
export function enumDefault(schema: EnumSchema): string {
  for (const [name, number] of schema.numbers) if (number === 0) return name;
  return '';
}
