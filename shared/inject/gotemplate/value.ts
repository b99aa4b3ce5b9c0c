// The values a template works with. Go's kinds matter to a template (`eq 1 1.0` is an error, `len` gives an int), so what JavaScript cannot tell
// apart is tagged: a JS number is a float64, whole numbers are `GoInt`. `undefined` is Go's invalid value (a missing key), `null` a nil interface.

import { compareText } from '../../lib/compare-text.ts';
import type { MessageSchema } from '../../lib/message.ts';

/** Any value inside a template. */
export type GoValue = undefined | null | boolean | string | number | GoInt | GoEnum | GoList | GoMap | GoStruct | GoPointer | GoTime;

/** A whole number; `type` is its Go type (`int`, `int64`, `uint32`…). */
export interface GoInt {
  readonly kind: 'int';
  readonly type: string;
  readonly value: bigint;
}

/** A protobuf enum: an int32 that prints as its name. */
export interface GoEnum {
  readonly kind: 'enum';
  readonly type: string;
  readonly value: bigint;
  readonly name: string;
}

/** A slice. Items are made when first asked for. */
export interface GoList {
  readonly kind: 'list';
  readonly type: string;
  readonly isNil: boolean;
  readonly items: () => readonly GoValue[];
}

/** A map with string keys. Members are made when first asked for; `set` and `unset` write to the answer of `entries`, never to the source. */
export interface GoMap {
  readonly kind: 'map';
  readonly type: string;
  readonly isNil: boolean;
  readonly entries: () => Map<string, GoValue>;
}

/** A struct or a pointer to one. A pointer may be nil: then it has a type and fields, but no field can be read. */
export interface GoStruct {
  readonly kind: 'struct';
  /** Without the `*` of a pointer. */
  readonly type: string;
  readonly pointer: boolean;
  readonly isNil: boolean;
  readonly fields: readonly string[];
  /** A field in {@link fields}, or a name of {@link promoted}. */
  readonly get: (field: string) => GoValue;
  /** Further names that `get` answers: fields of embedded structs. */
  readonly promoted?: (field: string) => boolean;
  /** What the Go type's methods without arguments give; undefined when there is no such method. Callable on a nil pointer. */
  readonly method?: (name: string) => { readonly value: GoValue } | undefined;
  /** The Go type's own text (`String()`), and whether a plain value has it too or only a pointer. */
  readonly text?: { readonly of: 'value' | 'pointer'; readonly render: () => string };
  /** Compact JSON as Go encodes it; without it the fields are encoded under their Go names. */
  readonly json?: () => string;
  /** Of a protobuf message: what is behind it. */
  readonly message?: { readonly value: object; readonly schema: MessageSchema };
}

/** A pointer to a scalar. */
export interface GoPointer {
  readonly kind: 'pointer';
  readonly type: string;
  readonly isNil: boolean;
  readonly target: GoValue;
}

/** A point in time, to the millisecond, seen in a time zone (IANA name, or a fixed offset such as `+02:00`). */
export interface GoTime {
  readonly kind: 'time';
  readonly epochMs: number;
  readonly zone: string;
}

/** The Go name of an untyped element. */
export const anyType = 'interface {}';

/** What a template function failed with; the engine puts the place in front. */
export class GoFailure extends Error {}

/** A limit was reached: no function may turn this into an answer. */
export class LimitFailure extends GoFailure {}

export function int(value: number | bigint, type = 'int'): GoInt {
  return { kind: 'int', type, value: BigInt(value) };
}

export function list(items: readonly GoValue[], elem: string = anyType): GoList {
  return { kind: 'list', type: `[]${elem}`, isNil: false, items: () => items };
}

export function lazyList(type: string, isNil: boolean, make: () => readonly GoValue[]): GoList {
  return { kind: 'list', type, isNil, items: once(make) };
}

export function dict(entries: Map<string, GoValue>, elem: string = anyType): GoMap {
  return { kind: 'map', type: `map[string]${elem}`, isNil: false, entries: () => entries };
}

export function lazyMap(type: string, isNil: boolean, make: () => Map<string, GoValue>): GoMap {
  return { kind: 'map', type, isNil, entries: once(make) };
}

/** A plain struct of known values, such as the template's data object. Fields in Go's order. */
export function record(type: string, fields: readonly (readonly [string, GoValue])[], options: Partial<GoStruct> = {}): GoStruct {
  const values = new Map(fields);
  return {
    kind: 'struct',
    type,
    pointer: false,
    isNil: false,
    fields: [...values.keys()],
    get: (field) => values.get(field),
    ...options,
  };
}

/** JSON as Go decodes it into `interface{}`: numbers are float64. Only own members are seen, and the source is never written to. */
export function fromPlain(value: unknown): GoValue {
  if (Array.isArray(value)) return lazyList(`[]${anyType}`, false, () => value.map((item) => fromPlain(item ?? null)));
  if (typeof value === 'object' && value !== null) return lazyMap(`map[string]${anyType}`, false, () => plainEntries(value, fromPlain));
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** The own members of a JSON object, each converted; absent ones (`undefined`) are left out. */
export function plainEntries(value: object, convert: (member: unknown) => GoValue): Map<string, GoValue> {
  const entries = new Map<string, GoValue>();
  for (const [key, member] of Object.entries(value)) if (member !== undefined) entries.set(key, convert(member));
  return entries;
}

export function elemType(value: GoList | GoMap): string {
  const prefix = value.kind === 'list' ? '[]' : 'map[string]';
  return value.type.startsWith(prefix) ? value.type.slice(prefix.length) : value.type;
}

export function sortedKeys(value: GoMap): string[] {
  return [...value.entries().keys()].sort(compareText);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
