/** JSON text as Go's encoder writes untyped values. */

import { compareText } from './compare-text.ts';
import { ownMember } from './own-member.ts';

const escapedInHtml = /[<>&\u2028\u2029]/g;

/** Escapes what Go's encoder escapes for HTML's sake, in finished JSON text: those characters can only stand in its strings. */
export function escapeHtmlInJson(json: string): string {
  return json.replace(escapedInHtml, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

type MemberOrder = 'sorted' | 'as given';

/** Compact JSON of an untyped value. Go sorts the members of maps; `as given` is for what Go has as a struct. */
export function goJsonText(value: unknown, order: MemberOrder = 'sorted'): string {
  return escapeHtmlInJson(untypedText(value, order));
}

/** {@link goJsonText} before the escaping, as a part of a larger text. */
export function untypedText(value: unknown, order: MemberOrder): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map((item) => untypedText(item, order)).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(members).filter((key) => members[key] !== undefined);
  return membersText(order === 'sorted' ? keys.sort(compareText) : keys, (key) => untypedText(ownMember(members, key), order));
}

/** A JSON object with these members. */
export function membersText(keys: readonly string[], memberText: (key: string) => string): string {
  return `{${keys.map((key) => `${JSON.stringify(key)}:${memberText(key)}`).join(',')}}`;
}
