import { parseDuration } from '../../lib/duration.ts';
import {
  type EnumSchema,
  enumDefault,
  type MessageSchema,
  type ProtoField,
  type ProtoScalar,
  type ProtoSchema,
} from '../../lib/message.ts';
import { ownMember } from '../../lib/own-member.ts';
import { protoJsonText } from '../../lib/proto-json.ts';
import { messageText } from './message-text.ts';
import { fromPlain, type GoEnum, type GoStruct, type GoValue, int, lazyList, lazyMap, plainEntries, record } from './value.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * A protobuf message as templates see it, a pointer to a Go struct: fields by their Go names, unset messages as nil pointers, and getters
 * (`.GetTracing.GetZipkin`) that also work on nil.
 */
export function goMessage<T extends object>(schema: MessageSchema<T>, value: T): GoStruct {
  return messageValue(schema as MessageSchema, value as Members);
}

const getter = 'Get';

interface Layout {
  /** Go's field names in order; of a oneof the name of the group. */
  readonly names: readonly string[];
  readonly groups: ReadonlySet<string>;
  readonly fields: ReadonlyMap<string, ProtoField>;
}

const layouts = new WeakMap<MessageSchema, Layout>();

function layoutOf(schema: MessageSchema): Layout {
  const known = layouts.get(schema);
  if (known) return known;
  const all = [...schema.fields.values()];
  const layout = {
    names: [...new Set(all.map((field) => field.oneof ?? field.go))],
    groups: new Set(all.flatMap(({ oneof }) => oneof ?? [])),
    fields: new Map(all.map((field) => [field.go, field])),
  };
  layouts.set(schema, layout);
  return layout;
}

function messageValue(schema: MessageSchema, source: Members | undefined): GoStruct {
  const members = source ?? {};
  const { names, groups, fields } = layoutOf(schema);
  const read = (name: string): GoValue => {
    const field = fields.get(name);
    return field ? fieldValue(field.schema, ownMember(members, field.json)) : oneofValue(schema, members, name);
  };
  const has = (name: string): boolean => fields.has(name) || groups.has(name);
  return {
    kind: 'struct',
    type: protoTypeName(schema.name),
    pointer: true,
    isNil: source === undefined,
    fields: names,
    get: read,
    method: (name) => getterOf(name, has, read),
    text: { of: 'pointer', render: () => (source === undefined ? '<nil>' : messageText(members, schema)) },
    json: () => (source === undefined ? 'null' : protoJsonText(members, schema as MessageSchema<Members>)),
    ...(source === undefined ? {} : { message: { value: members, schema } }),
  };
}

function getterOf(
  name: string,
  has: (field: string) => boolean,
  read: (field: string) => GoValue,
): { readonly value: GoValue } | undefined {
  const field = name.slice(getter.length);
  return name.startsWith(getter) && has(field) ? { value: read(field) } : undefined;
}

/** The Go field of a oneof: a struct around the one member that is set. */
function oneofValue(schema: MessageSchema, members: Members, group: string): GoValue {
  for (const field of schema.fields.values()) {
    const value = field.oneof === group ? ownMember(members, field.json) : undefined;
    if (value === undefined) continue;
    return record(`${protoTypeName(schema.name)}_${field.go}`, [[field.go, fieldValue(field.schema, value)]], { pointer: true });
  }
  return null;
}

function fieldValue(schema: ProtoSchema, value: unknown): GoValue {
  switch (schema.kind) {
    case 'message':
      return messageValue(schema, value as Members | undefined);
    case 'enum':
      return enumValue(schema, value);
    case 'list': {
      const items = value as readonly unknown[] | undefined;
      return lazyList(`[]${protoGoType(schema.item)}`, items === undefined, () =>
        (items ?? []).map((item) => fieldValue(schema.item, item)),
      );
    }
    case 'map': {
      const convert = (item: unknown): GoValue => fieldValue(schema.value, item);
      return lazyMap(`map[string]${protoGoType(schema.value)}`, value === undefined, () =>
        plainEntries((value as object | undefined) ?? {}, convert),
      );
    }
    default:
      return isWellKnown(schema) ? wellKnownValue(schema, value) : scalarValue(schema, value);
  }
}

function isWellKnown({ kind, isWrapper }: ProtoScalar): boolean {
  return isWrapper === true || kind === 'duration' || kind === 'timestamp' || kind === 'struct';
}

function enumValue(schema: EnumSchema, value: unknown): GoEnum {
  const name = value === undefined ? enumDefault(schema) : String(value);
  const number = schema.numbers.get(name) ?? Number(value ?? 0);
  return { kind: 'enum', type: protoTypeName(schema.name), value: BigInt(number), name };
}

function scalarValue({ kind }: ProtoScalar, value: unknown): GoValue {
  switch (kind) {
    case 'bool':
      return value === true;
    case 'double':
      return typeof value === 'number' ? value : 0;
    case 'int32':
    case 'uint32':
    case 'int64':
    case 'uint64':
      return int(BigInt((value as number | string | undefined) ?? 0), kind);
    default:
      return typeof value === 'string' ? value : '';
  }
}

/** Wrappers, durations and timestamps: messages of Google's with fields of their own. */
function wellKnownValue(schema: ProtoScalar, value: unknown): GoStruct {
  const fields = wellKnownFields(schema, value);
  const values = new Map(fields);
  const read = (name: string): GoValue => values.get(name);
  return record(wellKnownType(schema), fields, {
    pointer: true,
    isNil: value === undefined,
    method: (name) => getterOf(name, (field) => values.has(field), read),
    text: { of: 'pointer', render: () => (value === undefined ? '<nil>' : messageText(value, schema)) },
    json: () => JSON.stringify(value ?? null),
  });
}

function wellKnownFields(schema: ProtoScalar, value: unknown): readonly (readonly [string, GoValue])[] {
  if (schema.kind === 'struct') return [['Fields', fromPlain(value ?? {})]];
  if (schema.kind !== 'duration' && schema.kind !== 'timestamp') return [['Value', scalarValue(schema, value)]];
  const nanoseconds = totalNanoseconds(schema, value);
  return [
    ['Seconds', int(nanoseconds / 1_000_000_000n, 'int64')],
    ['Nanos', int(nanoseconds % 1_000_000_000n, 'int32')],
  ];
}

function totalNanoseconds({ kind }: ProtoScalar, value: unknown): bigint {
  const text = typeof value === 'string' ? value : '';
  if (kind === 'duration') return parseDuration(text) ?? 0n;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? 0n : BigInt(epochMs) * 1_000_000n;
}

const wrapperTypes: Readonly<Record<string, string>> = {
  bool: 'BoolValue',
  string: 'StringValue',
  int32: 'Int32Value',
  uint32: 'UInt32Value',
  int64: 'Int64Value',
  uint64: 'UInt64Value',
  double: 'DoubleValue',
  bytes: 'BytesValue',
};

function wellKnownType({ kind, isWrapper }: ProtoScalar): string {
  if (isWrapper) return `wrapperspb.${wrapperTypes[kind] ?? kind}`;
  if (kind === 'duration') return 'durationpb.Duration';
  return kind === 'timestamp' ? 'timestamppb.Timestamp' : 'structpb.Struct';
}

const packageVersion = /^v\d/;

/** `istio.mesh.v1alpha1.ProxyConfig.TracingServiceName` is `v1alpha1.ProxyConfig_TracingServiceName` in Go. */
function protoTypeName(name: string): string {
  const parts = name.split('.');
  const version = parts.findLastIndex((part) => packageVersion.test(part));
  return version === -1 ? name : `${parts[version]}.${parts.slice(version + 1).join('_')}`;
}

function protoGoType(schema: ProtoSchema): string {
  switch (schema.kind) {
    case 'message':
      return `*${protoTypeName(schema.name)}`;
    case 'enum':
      return protoTypeName(schema.name);
    case 'list':
      return `[]${protoGoType(schema.item)}`;
    case 'map':
      return `map[string]${protoGoType(schema.value)}`;
    default:
      if (isWellKnown(schema)) return `*${wellKnownType(schema)}`;
      return schema.kind === 'double' ? 'float64' : schema.kind;
  }
}
