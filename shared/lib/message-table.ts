import {
  bool,
  boolValue,
  bytes,
  double,
  doubleValue,
  duration,
  type EnumSchema,
  enumeration,
  int32,
  int32Value,
  int64,
  int64Value,
  jsonValue,
  lazyMessage,
  list,
  type MessageSchema,
  map,
  message,
  type ProtoFieldSpec,
  type ProtoScalar,
  type ProtoSchema,
  type ResolveType,
  string,
  structValue,
  timestamp,
  uint32,
  uint32Value,
  uint64,
} from './message.ts';

/** Messages by their full names; made of the table's lines when they are first asked for. */
export interface MessageTable {
  find(name: string): MessageSchema | undefined;
}

const scalars: Readonly<Record<string, ProtoSchema>> = {
  bool,
  bytes,
  double,
  fixed32: uint32,
  fixed64: uint64,
  float: double,
  int32,
  int64,
  sfixed32: int32,
  sfixed64: int64,
  sint32: int32,
  sint64: int64,
  string,
  uint32,
  uint64,
};

/** Types that have a form of their own in JSON. */
const wellKnown: Readonly<Record<string, ProtoSchema>> = {
  'google.protobuf.BoolValue': boolValue,
  'google.protobuf.BytesValue': { kind: 'bytes', isWrapper: true },
  'google.protobuf.DoubleValue': doubleValue,
  'google.protobuf.Duration': duration,
  'google.protobuf.Empty': message('google.protobuf.Empty', {}),
  'google.protobuf.FieldMask': string,
  'google.protobuf.FloatValue': doubleValue,
  'google.protobuf.Int32Value': int32Value,
  'google.protobuf.Int64Value': int64Value,
  'google.protobuf.ListValue': jsonValue,
  'google.protobuf.NullValue': jsonValue,
  'google.protobuf.StringValue': { kind: 'string', isWrapper: true },
  'google.protobuf.Struct': structValue,
  'google.protobuf.Timestamp': timestamp,
  'google.protobuf.UInt32Value': uint32Value,
  'google.protobuf.UInt64Value': { kind: 'uint64', isWrapper: true },
  'google.protobuf.Value': jsonValue,
};

/** Reads a table in the form of scripts/protos/message-table.ts. `unknown` says what is read for an `Any` of a type that the table lacks. */
export function messageTable(text: string, unknown: ResolveType): MessageTable {
  const lines = new Map<string, string>();
  for (const line of text.split('\n')) lines.set(line.slice(2, line.indexOf(' ', 2) === -1 ? undefined : line.indexOf(' ', 2)), line);
  const made = new Map<string, ProtoSchema | undefined>();
  const any: ProtoScalar = { kind: 'any', resolve: (name) => boxed(name) ?? typeOf(name) ?? unknown(name) };

  function typeOf(name: string): ProtoSchema | undefined {
    if (name === 'google.protobuf.Any') return any;
    const known = scalars[name] ?? wellKnown[name];
    if (known !== undefined) return known;
    if (!made.has(name)) made.set(name, parseLine(lines.get(name), fieldType));
    return made.get(name);
  }

  function fieldType(type: string): ProtoSchema {
    const name = type.startsWith('*') || type.startsWith('%') ? type.slice(1) : type;
    const single = typeOf(name) ?? jsonValue;
    if (type.startsWith('*')) return list(single);
    return type.startsWith('%') ? map(single) : single;
  }

  return {
    find: (name) => {
      const found = typeOf(name);
      return found?.kind === 'message' ? found : undefined;
    },
  };
}

/** In an `Any` these stand below `value`. */
function boxed(name: string): MessageSchema | undefined {
  const schema = Object.hasOwn(wellKnown, name) ? wellKnown[name] : undefined;
  return schema === undefined || schema.kind === 'message' ? undefined : message(name, { value: schema });
}

function parseLine(line: string | undefined, fieldType: (type: string) => ProtoSchema): MessageSchema | EnumSchema | undefined {
  const [kind, name = '', ...members] = line?.split(' ') ?? [];
  if (kind === 'E') return enumeration(name, Object.fromEntries(members.map(enumValue)));
  return kind === 'M' ? lazyMessage(name, () => Object.fromEntries(members.map((member) => field(member, fieldType)))) : undefined;
}

function enumValue(text: string): readonly [string, number] {
  const equals = text.indexOf('=');
  return [text.slice(0, equals), Number(text.slice(equals + 1))];
}

const underscore = /_(.)/g;

function field(text: string, fieldType: (type: string) => ProtoSchema): readonly [string, ProtoFieldSpec] {
  const [proto = '', typed = ''] = text.split(':');
  const [type = '', oneof] = typed.split('@');
  const json = proto.replace(underscore, (_, letter: string) => letter.toUpperCase());
  return [json, { schema: fieldType(type), proto, ...(oneof !== undefined && { oneof }) }];
}
