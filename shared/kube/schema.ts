/**
 * Kubernetes API types as data. One description gives the TypeScript type, the type check, the canonical form, Go-ordered JSON, the merge keys
 * of strategic merge patches and the Go field names that user templates write. Tables built from it: `pod.ts` and its neighbours.
 */

import type { JsonValue } from '../lib/json.ts';

/** A described type; `T` is what a decoded value looks like. Members that are absent, null or unknown do not exist in it. */
export type Schema<T = unknown> = ScalarSchema<T> | ListSchema<T> | MapSchema<T> | StructSchema<T>;

/** The TypeScript type of what a schema describes. */
export type Infer<S> = S extends { readonly type?: infer T } ? Exclude<T, undefined> : never;

export type ScalarKind = 'string' | 'bool' | 'int32' | 'int64' | 'quantity' | 'intOrString' | 'time' | 'bytes' | 'opaque';

/** `string` also covers Go's named string types; `bytes` is base64 text; `time` RFC 3339 text; `opaque` any JSON, carried as it came. */
export interface ScalarSchema<T = unknown> {
  readonly kind: ScalarKind;
  /** Go's name of a named string type, as decoder messages print it (`v1.Capability`). */
  readonly name?: string;
  /** Never set: carries the type. */
  readonly type?: T;
}

export interface ListSchema<T = unknown> {
  readonly kind: 'list';
  readonly item: Schema;
  /** Strategic merge joins objects by this member (`patchMergeKey`). */
  readonly mergeKey?: string;
  /** Strategic merge unites this list of scalars instead of replacing it (`patchStrategy=merge` without a key). */
  readonly unite?: true;
  readonly type?: T;
}

export interface MapSchema<T = unknown> {
  readonly kind: 'map';
  readonly value: Schema;
  /** Go's name of a named map type (`v1.ResourceList`). */
  readonly name?: string;
  readonly type?: T;
}

export interface StructSchema<T = unknown> {
  readonly kind: 'struct';
  /** Go type name without package, as decoder messages print it (`Container`). */
  readonly name: string;
  /** By JSON name, in Go's declaration order, which is the order of Go's JSON. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly type?: T;
}

/**
 * What Go's encoder does with a zero value: `omit` leaves it out (omitempty), `keep` prints it, `pointer` leaves out only what was absent (a
 * set zero survives), `null` prints null when absent (pointer without omitempty).
 */
export type ZeroRule = 'omit' | 'keep' | 'pointer' | 'null';

export interface Field {
  /** Member name in JSON. */
  readonly json: string;
  /** Go field name, as templates write it. */
  readonly go: string;
  readonly schema: Schema;
  readonly zero: ZeroRule;
  /** Go field name of the embedded struct that declares it; decoder messages name it, JSON does not. */
  readonly embedded?: string;
}

/** A field that is no plain `omitempty` member, or whose Go name does not follow from its JSON name. */
export interface FieldSpec<T = unknown> {
  readonly schema: Schema<T>;
  readonly zero?: ZeroRule;
  readonly go?: string;
  readonly embedded?: string;
  readonly type?: T;
}

export const string: ScalarSchema<string> = { kind: 'string' };
export const bool: ScalarSchema<boolean> = { kind: 'bool' };
export const int32: ScalarSchema<number> = { kind: 'int32' };
export const int64: ScalarSchema<number> = { kind: 'int64' };
export const quantity: ScalarSchema<string> = { kind: 'quantity' };
export const intOrString: ScalarSchema<number | string> = { kind: 'intOrString' };
export const time: ScalarSchema<string> = { kind: 'time' };
export const bytes: ScalarSchema<string> = { kind: 'bytes' };
export const opaque: ScalarSchema<JsonValue> = { kind: 'opaque' };

/** A named string type of Go's package v1. */
export function text(name: string): ScalarSchema<string> {
  return { kind: 'string', name: `v1.${name}` };
}

export function list<T>(item: Schema<T>, options: { readonly mergeKey?: string; readonly unite?: true } = {}): ListSchema<readonly T[]> {
  return { kind: 'list', item, ...options };
}

export function map<T>(value: Schema<T>, name?: string): MapSchema<Readonly<Record<string, T>>> {
  return name === undefined ? { kind: 'map', value } : { kind: 'map', value, name: `v1.${name}` };
}

/** A Go pointer with omitempty: left out only when absent. */
export function pointer<T>(schema: Schema<T>, go?: string): FieldSpec<T> {
  return go === undefined ? { schema, zero: 'pointer' } : { schema, zero: 'pointer', go };
}

/** A Go field without omitempty. */
export function keep<T>(schema: Schema<T>, go?: string): FieldSpec<T> {
  return go === undefined ? { schema, zero: 'keep' } : { schema, zero: 'keep', go };
}

/** A Go pointer without omitempty: printed as null when absent. */
export function nullable<T>(schema: Schema<T>): FieldSpec<T> {
  return { schema, zero: 'null' };
}

/** An omitempty field with its Go name. */
export function named<T>(schema: Schema<T>, go: string): FieldSpec<T> {
  return { schema, go };
}

type Fields = Readonly<Record<string, Schema | FieldSpec>>;
type FieldTypes<F> = { readonly [K in keyof F]?: Infer<F[K]> };
type Embedded<F> = { readonly [K in keyof F]: FieldSpec<Infer<F[K]>> };

/** Describes a Go struct; fields in declaration order, inlined structs spread in their place. A bare schema is an `omitempty` field. */
export function struct<const F extends Fields>(name: string, fields: F): StructSchema<FieldTypes<F>> {
  const entries = Object.entries(fields).map(([json, given]): [string, Field] => {
    const { schema, go = goName(json), zero = 'omit', embedded } = fieldSpec(given);
    return [json, embedded === undefined ? { json, go, schema, zero } : { json, go, schema, zero, embedded }];
  });
  return { kind: 'struct', name, fields: new Map(entries) };
}

/** The fields of an embedded Go struct, to be spread into the outer one. */
export function embedded<const F extends Fields>(name: string, fields: F): Embedded<F> {
  const entries = Object.entries(fields).map(([json, given]) => [json, { ...fieldSpec(given), embedded: name }]);
  return Object.fromEntries(entries);
}

function fieldSpec(given: Schema | FieldSpec): FieldSpec {
  return 'kind' in given ? { schema: given } : given;
}

const initialism = /^(?:api|aws|csi|dns|fc|fs|gce|gmsa|grpc|http|ip|iqn|iscsi|nfs|os|pd|rbd|se|ssl|tcp|tty|uid)(?=[A-Z]|$)/;

/** The Go name of nearly all JSON names; the rest is given by hand. */
function goName(json: string): string {
  const upper = json.replace(initialism, (word) => word.toUpperCase());
  return upper.charAt(0).toUpperCase() + upper.slice(1);
}
