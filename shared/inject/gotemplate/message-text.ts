// Protobuf's text form on one line, as Go prints messages. @see https://protobuf.dev/reference/protobuf/textformat-spec/

import { compareText } from '../../lib/compare-text.ts';
import { parseDuration } from '../../lib/duration.ts';
import type { MessageSchema, ProtoField, ProtoScalar, ProtoSchema } from '../../lib/message.ts';
import { ownMember } from '../../lib/own-member.ts';
import { isDefault } from '../../lib/proto-json.ts';
import { formatFloat } from './fmt/number.ts';
import { quoteText } from './fmt/quote.ts';

type Members = Readonly<Record<string, unknown>>;

/** The text of a message, or of a wrapper, duration or the like, without braces around it. */
export function messageText(value: unknown, schema: MessageSchema | ProtoScalar): string {
  return schema.kind === 'message' ? fieldTexts(value as Members, schema).join(' ') : wellKnownText(value, schema);
}

function fieldTexts(members: Members, schema: MessageSchema): readonly string[] {
  const texts: string[] = [];
  for (const field of schema.fields.values()) {
    const value = ownMember(members, field.json);
    const isSet = field.oneof === undefined ? !isDefault(value, field.schema) : value !== undefined;
    if (isSet) texts.push(...fieldText(field, value));
  }
  return texts;
}

function fieldText({ proto, schema }: ProtoField, value: unknown): readonly string[] {
  if (schema.kind === 'list') return (value as readonly unknown[]).map((item) => `${proto}:${valueText(item, schema.item)}`);
  if (schema.kind !== 'map') return [`${proto}:${valueText(value, schema)}`];
  const members = value as Members;
  return Object.keys(members)
    .sort(compareText)
    .map((key) => `${proto}:{key:${quoteText(key)} value:${valueText(ownMember(members, key), schema.value)}}`);
}

function valueText(value: unknown, schema: ProtoSchema): string {
  switch (schema.kind) {
    case 'message':
      return `{${fieldTexts(value as Members, schema).join(' ')}}`;
    case 'enum':
      return String(value);
    case 'list':
    case 'map':
      return '{}';
    default:
      return isWellKnown(schema) ? `{${wellKnownText(value, schema)}}` : scalarText(value);
  }
}

function isWellKnown({ kind, isWrapper }: ProtoScalar): boolean {
  return isWrapper === true || kind === 'duration' || kind === 'timestamp' || kind === 'struct';
}

function scalarText(value: unknown): string {
  if (typeof value === 'string') return quoteText(value);
  return typeof value === 'number' && !Number.isInteger(value) ? formatFloat(value, 'g') : String(value);
}

function wellKnownText(value: unknown, schema: ProtoScalar): string {
  if (schema.kind === 'duration') return secondsText(parseDuration(String(value)) ?? 0n);
  if (schema.kind === 'timestamp') return secondsText(BigInt(Date.parse(String(value)) || 0) * 1_000_000n);
  if (schema.kind === 'struct') return structText(value as Members);
  return isDefault(value, { kind: schema.kind })
    ? ''
    : `value:${schema.kind === 'int64' || schema.kind === 'uint64' ? value : scalarText(value)}`;
}

function secondsText(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n;
  const nanos = nanoseconds % 1_000_000_000n;
  return [seconds === 0n ? '' : `seconds:${seconds}`, nanos === 0n ? '' : `nanos:${nanos}`].filter((text) => text !== '').join(' ');
}

function structText(members: Members): string {
  return Object.keys(members)
    .sort(compareText)
    .map((key) => `fields:{key:${quoteText(key)} value:{${jsonText(ownMember(members, key))}}}`)
    .join(' ');
}

function jsonText(value: unknown): string {
  if (typeof value === 'string') return `string_value:${quoteText(value)}`;
  if (typeof value === 'number') return `number_value:${formatFloat(value, 'g')}`;
  if (typeof value === 'boolean') return `bool_value:${value}`;
  if (Array.isArray(value)) return `list_value:{${value.map((item) => `values:{${jsonText(item)}}`).join(' ')}}`;
  return typeof value === 'object' && value !== null ? `struct_value:{${structText(value as Members)}}` : 'null_value:NULL_VALUE';
}
