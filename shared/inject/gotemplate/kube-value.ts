import { goJson } from '../../kube/go-json.ts';
import type { Field, Schema, StructSchema } from '../../kube/schema.ts';
import { ownMember } from '../../lib/own-member.ts';
import { zeroEpochMs } from './fmt/time-text.ts';
import { structText } from './kube-text.ts';
import { fromPlain, type GoStruct, type GoTime, type GoValue, int, lazyList, lazyMap, plainEntries, record } from './value.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * A Kubernetes object as templates see it: Go field names, zero values for what is absent, nil pointers and slices. The object itself is never
 * written to.
 */
export function goStruct(schema: StructSchema, value: object): GoStruct {
  return structValue(schema, value as Members, false);
}

function structValue(schema: StructSchema, source: Members | undefined, pointer: boolean): GoStruct {
  const layout = layoutOf(schema);
  const members = source ?? {};
  const value: GoStruct = {
    kind: 'struct',
    type: `v1.${schema.name}`,
    pointer,
    isNil: pointer && source === undefined,
    fields: layout.names,
    promoted: (name) => layout.promoted.has(name),
    get: (name) => {
      const inner = layout.embedded.get(name);
      if (inner) return structValue(inner, members, false);
      const field = layout.own.get(name) ?? layout.promoted.get(name);
      return field && fieldValue(field, ownMember(members, field.json));
    },
    text: { of: 'pointer', render: () => structText(value) },
    json: () => (source === undefined && pointer ? 'null' : goJson(members, schema)),
  };
  return value;
}

interface Layout {
  /** Go's field names in order, each embedded struct in its place. */
  readonly names: readonly string[];
  readonly own: ReadonlyMap<string, Field>;
  readonly promoted: ReadonlyMap<string, Field>;
  readonly embedded: ReadonlyMap<string, StructSchema>;
}

const layouts = new WeakMap<StructSchema, Layout>();

function layoutOf(schema: StructSchema): Layout {
  const known = layouts.get(schema);
  if (known) return known;
  const layout = makeLayout(schema);
  layouts.set(schema, layout);
  return layout;
}

function makeLayout(schema: StructSchema): Layout {
  const own = new Map<string, Field>();
  const promoted = new Map<string, Field>();
  const embedded = new Map<string, StructSchema & { fields: Map<string, Field> }>();
  const names = new Set<string>();
  for (const field of schema.fields.values()) {
    names.add(field.embedded ?? field.go);
    if (field.embedded === undefined) {
      own.set(field.go, field);
      continue;
    }
    const { embedded: name, ...plain } = field;
    promoted.set(field.go, plain);
    const inner = embedded.get(name) ?? { kind: 'struct', name, fields: new Map<string, Field>() };
    inner.fields.set(field.json, plain);
    embedded.set(name, inner);
  }
  return { names: [...names], own, promoted, embedded };
}

/** A bare struct schema and an explicit pointer are Go pointers; `keep` marks plain values. */
function fieldValue(field: Field, value: unknown): GoValue {
  const { schema, zero } = field;
  if (schema.kind === 'struct') return structValue(schema, value as Members | undefined, zero !== 'keep');
  const pointer = (zero === 'pointer' || zero === 'null') && schema.kind !== 'list' && schema.kind !== 'map';
  if (!pointer) return typedValue(value, schema);
  const type = `*${scalarType(schema)}`;
  if (value === undefined) return { kind: 'pointer', type, isNil: true, target: undefined };
  return { kind: 'pointer', type, isNil: false, target: typedValue(value, schema) };
}

function typedValue(value: unknown, schema: Schema): GoValue {
  switch (schema.kind) {
    case 'struct':
      return structValue(schema, value as Members | undefined, false);
    case 'list': {
      const items = value as readonly unknown[] | undefined;
      return lazyList(`[]${goType(schema.item)}`, items === undefined, () => (items ?? []).map((item) => typedValue(item, schema.item)));
    }
    case 'map': {
      const type = schema.name ?? `map[string]${goType(schema.value)}`;
      return lazyMap(type, value === undefined, () =>
        plainEntries((value as object | undefined) ?? {}, (item) => typedValue(item, schema.value)),
      );
    }
    case 'int32':
    case 'int64':
      return int((value as number | undefined) ?? 0, schema.kind);
    case 'bool':
      return value === true;
    case 'time':
      return timeValue(value);
    case 'intOrString':
      return intOrStringValue(value);
    case 'opaque':
      return fromPlain(value ?? null);
    default:
      return typeof value === 'string' ? value : '';
  }
}

function timeValue(value: unknown): GoTime {
  const epochMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return { kind: 'time', epochMs: Number.isNaN(epochMs) ? zeroEpochMs : epochMs, zone: 'UTC' };
}

function intOrStringValue(value: unknown): GoStruct {
  const isText = typeof value === 'string';
  return record(
    'intstr.IntOrString',
    [
      ['Type', int(isText ? 1 : 0, 'int64')],
      ['IntVal', int(typeof value === 'number' ? value : 0, 'int32')],
      ['StrVal', isText ? value : ''],
    ],
    { text: { of: 'pointer', render: () => String(value ?? 0) }, json: () => JSON.stringify(value ?? 0) },
  );
}

const scalarTypes: Readonly<Record<string, string>> = {
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  time: 'v1.Time',
  bytes: '[]uint8',
  opaque: 'interface {}',
};

function scalarType(schema: Schema): string {
  return (schema.kind === 'string' ? schema.name : scalarTypes[schema.kind]) ?? schema.kind;
}

function goType(schema: Schema): string {
  switch (schema.kind) {
    case 'struct':
      return `v1.${schema.name}`;
    case 'list':
      return `[]${goType(schema.item)}`;
    case 'map':
      return schema.name ?? `map[string]${goType(schema.value)}`;
    default:
      return scalarType(schema);
  }
}
