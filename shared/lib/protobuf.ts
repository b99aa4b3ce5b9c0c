/**
 * Protobuf messages as bytes that depend on their content alone. Envoy compares bytes, and we compare hashes, but protobuf leaves the order of map entries
 * open and protobuf-es writes them as they were inserted: maps and Structs are therefore sorted before anything is encoded, also inside of `Any`.
 */

import {
  create,
  type DescField,
  type DescMessage,
  fromJson,
  type JsonValue as JsonText,
  type Message,
  type MessageShape,
  type Registry,
  toBinary,
} from '@bufbuild/protobuf';
import { type Any, AnySchema } from '@bufbuild/protobuf/wkt';
import { compareText } from './compare-text.ts';

const typeUrlPrefix = 'type.googleapis.com/';

/** The same bytes for the same content, whatever order its maps and Structs were filled in. */
export function encode<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): Uint8Array {
  return toBinary(schema, sorted(schema, message) as MessageShape<Desc>);
}

/** Wraps a message for a `typed_config` and the like, with the bytes of {@link encode}. */
export function pack<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): Any {
  return create(AnySchema, { typeUrl: typeUrlOf(schema), value: encode(schema, message) });
}

/** What `Any` and xDS call the type. */
export function typeUrlOf(schema: DescMessage): string {
  return `${typeUrlPrefix}${schema.typeName}`;
}

/**
 * Reads protobuf JSON. The order of its keys leaves no trace in the bytes, also not in those of `Any`s.
 * @throws Error for a key or a type that the registry does not know.
 */
export function messageFromJson<Desc extends DescMessage>(schema: Desc, json: unknown, registry: Registry): MessageShape<Desc> {
  return fromJson(schema, sortedJson(json) as JsonText, { registry });
}

type Fields = Record<string, unknown>;
type OneofValue = { readonly case?: string; readonly value?: unknown };

/** The message itself if its maps are in order, else a copy. */
function sorted(schema: DescMessage, message: Message): Message {
  const fields = fieldsWithMaps(schema);
  if (fields.length === 0) return message;
  const before = message as unknown as Fields;
  let copy: Fields | undefined;
  const put = (name: string, value: unknown): void => {
    if (value === before[name]) return;
    copy ??= Object.assign(Object.create(Object.getPrototypeOf(message)) as Fields, before);
    copy[name] = value;
  };
  for (const field of fields) {
    const name = field.oneof?.localName ?? field.localName;
    const value = before[name];
    if (field.oneof === undefined) put(name, sortedField(field, value));
    else if ((value as OneofValue).case === field.localName) put(name, sortedOneof(field, value as OneofValue));
  }
  return (copy as Message | undefined) ?? message;
}

function sortedOneof(field: DescField, oneof: OneofValue): OneofValue {
  const value = sortedField(field, oneof.value);
  return value === oneof.value ? oneof : { ...oneof, value };
}

function sortedField(field: DescField, value: unknown): unknown {
  if (value === undefined) return value;
  if (field.fieldKind === 'map') {
    return sortedEntries(value as Fields, field.message === undefined ? identity : (item) => sortedMessage(field, item));
  }
  if (field.message === undefined) return value;
  if (field.fieldKind !== 'list') return sortedMessage(field, value);
  const items = value as readonly unknown[];
  const after = items.map((item) => sortedMessage(field, item));
  return after.some((item, index) => item !== items[index]) ? after : items;
}

/** A message in a field; Structs are held there as plain JSON, and wrappers as bare values. */
function sortedMessage(field: DescField, value: unknown): unknown {
  if (field.message === undefined || typeof value !== 'object' || value === null) return value;
  const isJson = field.message.typeName === 'google.protobuf.Struct' && field.parent.typeName !== 'google.protobuf.Value';
  return isJson ? sortedJson(value) : sorted(field.message, value as Message);
}

function sortedEntries(entries: Fields, sortValue: (value: unknown) => unknown): Fields {
  const keys = Object.keys(entries);
  const values = keys.map((key) => sortValue(entries[key]));
  const isSorted =
    values.every((value, index) => value === entries[keys[index] ?? '']) &&
    keys.every((key, index) => index === 0 || compareText(keys[index - 1] ?? '', key) < 0);
  if (isSorted) return entries;
  return Object.fromEntries(keys.map((key, index): [string, unknown] => [key, values[index]]).sort(byKey));
}

/** The value with the keys of all its objects in order; itself if they are. */
function sortedJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return sortedEntries(value as Fields, sortedJson);
  const after = value.map(sortedJson);
  return after.some((item, index) => item !== value[index]) ? after : value;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareText(a, b);
}

function identity(value: unknown): unknown {
  return value;
}

const fieldsByType = new WeakMap<DescMessage, readonly DescField[]>();

/** The fields of a type that are maps or Structs, or can hold some at any depth; most types have none, and are not walked. */
function fieldsWithMaps(schema: DescMessage): readonly DescField[] {
  const known =
    fieldsByType.get(schema) ??
    schema.fields.filter((field) => field.fieldKind === 'map' || (field.message !== undefined && holdsMaps(field.message)));
  fieldsByType.set(schema, known);
  return known;
}

function holdsMaps(schema: DescMessage): boolean {
  return [...reachableTypes(schema)].some((type) => type.fields.some((field) => field.fieldKind === 'map'));
}

function reachableTypes(schema: DescMessage): ReadonlySet<DescMessage> {
  const reached = new Set([schema]);
  for (const type of reached) for (const field of type.fields) if (field.message !== undefined) reached.add(field.message);
  return reached;
}
