/** JSON text as Go's encoder writes it: annotations and environment variables carry such texts, so they are compared byte by byte. */

import { compareText } from '../lib/compare-text.ts';
import { ownMember } from '../lib/own-member.ts';
import type { Field, ScalarKind, Schema, StructSchema } from './schema.ts';

type JsonMembers = Readonly<Record<string, unknown>>;
type MemberOrder = 'sorted' | 'as given';

const escapedInHtml = /[<>&\u2028\u2029]/g;

/** Escapes what Go's encoder escapes for HTML's sake, in finished JSON text: those characters can only stand in its strings. */
export function escapeHtmlInJson(json: string): string {
  return json.replace(escapedInHtml, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Compact JSON of an untyped value. Go sorts the members of maps; `as given` is for what Go has as a struct. */
export function goJsonText(value: unknown, order: MemberOrder = 'sorted'): string {
  return escapeHtmlInJson(untypedText(value, order));
}

/** Compact JSON of a decoded value: members in declaration order, and zero values printed or left out as the Go type says. */
export function goJson(value: unknown, schema: Schema): string {
  return escapeHtmlInJson(typedText(value, schema));
}

function untypedText(value: unknown, order: MemberOrder): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map((item) => untypedText(item, order)).join(',')}]`;
  const members = value as JsonMembers;
  const keys = Object.keys(members).filter((key) => members[key] !== undefined);
  return membersText(order === 'sorted' ? keys.sort(compareText) : keys, (key) => untypedText(ownMember(members, key), order));
}

function membersText(keys: readonly string[], memberText: (key: string) => string): string {
  return `{${keys.map((key) => `${JSON.stringify(key)}:${memberText(key)}`).join(',')}}`;
}

function typedText(value: unknown, schema: Schema): string {
  switch (schema.kind) {
    case 'struct':
      return structText(value as JsonMembers, schema);
    case 'list':
      return `[${(value as readonly unknown[]).map((item) => typedText(item, schema.item)).join(',')}]`;
    case 'map': {
      const members = value as JsonMembers;
      return membersText(Object.keys(members).sort(compareText), (key) => typedText(ownMember(members, key), schema.value));
    }
    case 'opaque':
      return untypedText(value, 'sorted');
    default:
      return JSON.stringify(value);
  }
}

function structText(value: JsonMembers, schema: StructSchema): string {
  const parts: string[] = [];
  for (const [key, field] of schema.fields) {
    const text = fieldText(ownMember(value, key), field);
    if (text !== undefined) parts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${parts.join(',')}}`;
}

function fieldText(value: unknown, field: Field): string | undefined {
  if (value === undefined) return absentText(field);
  return field.zero === 'omit' && isEmpty(value, field.schema) ? undefined : typedText(value, field.schema);
}

function absentText(field: Field): string | undefined {
  if (field.zero === 'keep') return zeroText(field.schema);
  return field.zero === 'null' ? 'null' : undefined;
}

/** What `omitempty` leaves out. A struct is never empty. */
function isEmpty(value: unknown, schema: Schema): boolean {
  if (schema.kind === 'list') return (value as readonly unknown[]).length === 0;
  if (schema.kind === 'map') return Object.keys(value as JsonMembers).length === 0;
  return value === '' || value === 0 || value === false;
}

const zeroScalars: Readonly<Record<ScalarKind, string>> = {
  string: '""',
  bool: 'false',
  int32: '0',
  int64: '0',
  quantity: '"0"',
  intOrString: '0',
  time: 'null',
  bytes: 'null',
  opaque: '{}',
};

function zeroText(schema: Schema): string {
  if (schema.kind === 'struct') return structText({}, schema);
  return schema.kind === 'list' || schema.kind === 'map' ? 'null' : zeroScalars[schema.kind];
}
