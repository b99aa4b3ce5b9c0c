/**
 * Kubernetes API types as data. One description gives the TypeScript type, the type check, the canonical form, Go-ordered JSON, the merge keys
 * of strategic merge patches and the Go field names that user templates write. Tables built from it: `pod.ts` and its neighbours.
 */

/** A described type; `T` is what a decoded value looks like. Members that are absent, null or unknown do not exist in it. */
export type Schema<T = unknown> = ScalarSchema<T> | ListSchema<T> | MapSchema<T> | StructSchema<T>;

/** The TypeScript type of what a schema describes. */
export type Infer<S> = S extends { readonly type?: infer T } ? Exclude<T, undefined> : never;

export type ScalarKind = 'string' | 'bool' | 'int32' | 'int64' | 'quantity' | 'intOrString' | 'time' | 'bytes';

/** `string` also covers Go's named string types; `bytes` is base64 text; `time` RFC 3339 text. */
export interface ScalarSchema<T = unknown> {
  readonly kind: ScalarKind;
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
}

/** A field that is no plain `omitempty` member, or whose Go name does not follow from its JSON name. */
export interface FieldSpec<T = unknown> {
  readonly schema: Schema<T>;
  readonly zero?: ZeroRule;
  readonly go?: string;
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

export function list<T>(item: Schema<T>, options: { readonly mergeKey?: string; readonly unite?: true } = {}): ListSchema<readonly T[]> {
  return { kind: 'list', item, ...options };
}

export function map<T>(value: Schema<T>): MapSchema<Readonly<Record<string, T>>> {
  return { kind: 'map', value };
}

/** A Go pointer with omitempty: left out only when absent. */
export function pointer<T>(schema: Schema<T>, go?: string): FieldSpec<T> {
  return go === undefined ? { schema, zero: 'pointer' } : { schema, zero: 'pointer', go };
}

/** A Go field without omitempty. */
export function keep<T>(schema: Schema<T>, go?: string): FieldSpec<T> {
  return go === undefined ? { schema, zero: 'keep' } : { schema, zero: 'keep', go };
}

/** An omitempty field with its Go name. */
export function named<T>(schema: Schema<T>, go: string): FieldSpec<T> {
  return { schema, go };
}

type FieldTypes<F> = { readonly [K in keyof F]?: Infer<F[K]> };

/** Describes a Go struct; fields in declaration order, inlined structs spread in their place. A bare schema is an `omitempty` field. */
export function struct<const F extends Readonly<Record<string, Schema | FieldSpec>>>(name: string, fields: F): StructSchema<FieldTypes<F>> {
  const entries = Object.entries(fields).map(([json, given]): [string, Field] => {
    const spec: FieldSpec = 'kind' in given ? { schema: given } : given;
    return [json, { json, go: spec.go ?? goName(json), schema: spec.schema, zero: spec.zero ?? 'omit' }];
  });
  return { kind: 'struct', name, fields: new Map(entries) };
}

/** The Go name of most JSON names; initialisms are given by hand. */
function goName(json: string): string {
  return json.charAt(0).toUpperCase() + json.slice(1);
}
