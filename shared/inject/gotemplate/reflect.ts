import { anyType, GoFailure, type GoStruct, type GoValue } from './value.ts';

/** The Go type as `%T` and error messages print it. */
export function typeName(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    case 'undefined':
      return '<nil>';
  }
  if (value === null) return '<nil>';
  if (value.kind === 'time') return 'time.Time';
  return value.kind === 'struct' && value.pointer ? `*${value.type}` : value.type;
}

/** The Go kind as `kindOf` prints it. */
export function kindName(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    case 'undefined':
      return 'invalid';
  }
  if (value === null) return 'invalid';
  switch (value.kind) {
    case 'int':
      return value.type;
    case 'enum':
      return 'int32';
    case 'list':
      return 'slice';
    case 'map':
      return 'map';
    case 'pointer':
      return 'ptr';
    case 'struct':
      return value.pointer ? 'ptr' : 'struct';
    case 'time':
      return 'struct';
  }
}

/** Go's idea of "not empty", as `if`, `and`, `or`, `not` use it: structs and non-nil pointers are always true. */
export function isTrue(value: GoValue): boolean {
  if (value === null || typeof value !== 'object') return typeof value === 'number' ? value !== 0 : Boolean(value);
  switch (value.kind) {
    case 'int':
    case 'enum':
      return value.value !== 0n;
    case 'list':
      return value.items().length > 0;
    case 'map':
      return value.entries().size > 0;
    case 'pointer':
    case 'struct':
      return !value.isNil;
    case 'time':
      return true;
  }
}

/** Nothing there: a missing key, a nil interface, or a nil pointer, slice or map. */
export function isNil(value: GoValue): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && 'isNil' in value && value.isNil;
}

/** What a pointer to a scalar points to; everything else stays as it is. */
export function indirect(value: GoValue): GoValue {
  return typeof value === 'object' && value !== null && value.kind === 'pointer' && !value.isNil ? value.target : value;
}

/** What `.name` gave, and whether its static type is `interface {}`: error messages about the next step name that type. */
export interface Step {
  readonly value: GoValue;
  readonly untyped: boolean;
}

/**
 * `receiver.name`: a method without arguments, a struct field, or a map member. A missing member is `undefined`, and so is everything below it.
 * Fails for unknown fields and nil pointers.
 */
export function stepInto(receiver: GoValue, name: string, untyped: boolean): Step {
  if (receiver === undefined) return { value: undefined, untyped: false };
  if (receiver === null) throw new GoFailure(`nil pointer evaluating ${anyType}.${name}`);
  const type = untyped ? anyType : typeName(receiver);
  const value = indirect(receiver);
  if (typeof value !== 'object' || value === null) throw noField(name, type);
  switch (value.kind) {
    case 'map':
      return { value: value.entries().get(name), untyped: value.type.endsWith(anyType) };
    case 'struct':
      return { value: structStep(value, name, type), untyped: false };
    case 'pointer':
      throw new GoFailure(`nil pointer evaluating ${type}.${name}`);
    case 'enum':
      if (name === 'String') return { value: value.name, untyped: false };
      throw noField(name, type);
    default:
      throw noField(name, type);
  }
}

function noField(name: string, type: string): GoFailure {
  return new GoFailure(`can't evaluate field ${name} in type ${type}`);
}

function structStep(value: GoStruct, name: string, type: string): GoValue {
  const method = value.method?.(name);
  if (method) return method.value;
  if (name === 'String' && value.text && (value.text.of === 'pointer' || !value.isNil)) return value.text.render();
  if (!value.fields.includes(name) && !value.promoted?.(name)) throw noField(name, type);
  if (value.isNil) throw new GoFailure(`nil pointer evaluating ${type}.${name}`);
  return value.get(name);
}
