import type { Meter } from './limits.ts';
import { indirect, typeName } from './reflect.ts';
import { GoFailure, type GoList, type GoMap, type GoStruct, type GoTime, type GoValue } from './value.ts';

/** What a parameter type hands to a function: ints become JS numbers, an `any` never is `undefined`, a `value` may be. */
export interface ParamTypes {
  readonly any: GoValue;
  readonly value: GoValue;
  readonly string: string;
  readonly int: number;
  readonly float64: number;
  readonly bool: boolean;
  readonly dict: GoMap;
  readonly stringMap: GoMap;
  readonly list: GoList;
  readonly time: GoTime;
  readonly objectMeta: GoStruct;
  readonly containers: GoList;
  readonly message: GoStruct;
}

export type ParamName = keyof ParamTypes;

/** A function that templates can call. */
export interface GoFunction {
  readonly params: readonly ParamName[];
  /** Type of any number of further arguments. */
  readonly rest?: ParamName;
  readonly call: (args: readonly unknown[], meter: Meter) => GoValue;
}

/** Functions by the name that templates use. */
export type FunctionTable = ReadonlyMap<string, GoFunction>;

type Arguments<P extends readonly ParamName[]> = { [K in keyof P]: ParamTypes[P[K]] };

/** A function with a fixed number of parameters. What it does beyond reading its arguments once it tells the meter. */
export function fn<const P extends readonly ParamName[]>(params: P, call: (...args: [...Arguments<P>, Meter]) => GoValue): GoFunction {
  return { params, call: (args, meter) => call(...([...args, meter] as unknown as [...Arguments<P>, Meter])) };
}

/** A function whose last parameter repeats; the further arguments come as one array. */
export function variadic<const P extends readonly ParamName[], R extends ParamName>(
  params: P,
  rest: R,
  call: (...args: [...Arguments<P>, readonly ParamTypes[R][], Meter]) => GoValue,
): GoFunction {
  const fixed = params.length;
  return {
    params,
    rest,
    call: (args, meter) =>
      call(...([...args.slice(0, fixed), args.slice(fixed), meter] as unknown as [...Arguments<P>, readonly ParamTypes[R][], Meter])),
  };
}

const goNames: Readonly<Record<ParamName, string>> = {
  any: 'interface {}',
  value: 'reflect.Value',
  string: 'string',
  int: 'int',
  float64: 'float64',
  bool: 'bool',
  dict: 'map[string]interface {}',
  stringMap: 'map[string]string',
  list: '[]interface {}',
  time: 'time.Time',
  objectMeta: 'v1.ObjectMeta',
  containers: '[]v1.Container',
  message: 'protoreflect.ProtoMessage',
};

const nilable: ReadonlySet<ParamName> = new Set(['any', 'value', 'dict', 'stringMap', 'list', 'containers', 'message']);

/** A parameter type as Go's error messages name it. */
export function paramText(param: ParamName): string {
  return goNames[param];
}

/** Whether the constant `nil` may be given. */
export function takesNil(param: ParamName): boolean {
  return nilable.has(param);
}

/** A value as an argument of a type. Fails with Go's message where Go would not accept it: nothing is converted. */
export function toArgument(value: GoValue, param: ParamName): unknown {
  if (param === 'value') return value;
  if (param === 'any') return value ?? null;
  if (value === undefined) {
    if (takesNil(param)) return nilOf(param);
    throw new GoFailure(`invalid value; expected ${goNames[param]}`);
  }
  const plain = indirect(value);
  if (matches(plain, param)) return param === 'int' ? Number((plain as { readonly value: bigint }).value) : plain;
  throw new GoFailure(`wrong type for value; expected ${goNames[param]}; got ${value === null ? 'interface {}' : typeName(value)}`);
}

function matches(value: GoValue, param: ParamName): boolean {
  if (param === 'message') return typeof value === 'object' && value !== null && value.kind === 'struct' && value.pointer;
  return typeName(value) === goNames[param] || (param === 'objectMeta' && typeName(value) === '*v1.ObjectMeta');
}

/** The nil of a type. */
export function nilOf(param: ParamName): GoValue {
  const type = goNames[param];
  if (param === 'list' || param === 'containers') return { kind: 'list', type, isNil: true, items: () => [] };
  if (param === 'dict' || param === 'stringMap') return { kind: 'map', type, isNil: true, entries: () => new Map() };
  if (param === 'message') return { kind: 'struct', type: 'nil', pointer: true, isNil: true, fields: [], get: () => undefined };
  return param === 'value' ? undefined : null;
}
