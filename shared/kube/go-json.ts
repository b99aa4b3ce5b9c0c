/** JSON text as Go's encoder writes it: annotations and environment variables carry such texts, so they are compared byte by byte. */

import { compareText } from '../lib/compare-text.ts';
import { escapeHtmlInJson, membersText, untypedText } from '../lib/go-json-text.ts';
import { ownMember } from '../lib/own-member.ts';
import type { Field, ScalarKind, Schema, StructSchema } from './schema.ts';

export { escapeHtmlInJson, goJsonText } from '../lib/go-json-text.ts';

type JsonMembers = Readonly<Record<string, unknown>>;

/** Compact JSON of a decoded value: members in declaration order, and zero values printed or left out as the Go type says. */
export function goJson(value: unknown, schema: Schema): string {
  return escapeHtmlInJson(typedText(value, schema));
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
  let members = '';
  for (const [key, field] of schema.fields) {
    const text = fieldText(ownMember(value, key), field);
    if (text !== undefined) members += `${members === '' ? '' : ','}"${key}":${text}`;
  }
  return `{${members}}`;
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
