/**
 * YAML text the way Kubernetes prints objects: sorted members, block style, list items not indented under their key. Free of the YAML parser, so
 * that bundles that only print stay small. Measured against sigs.k8s.io/yaml (go-yaml v2).
 */

import { ownMember } from '../lib/own-member.ts';
import { goFloat } from './go-print.ts';
import { compareNaturally } from './natural-order.ts';
import { yamlText } from './yaml-text.ts';

type Members = Readonly<Record<string, unknown>>;

/** Prints a JSON value as a document that ends in a newline. */
export function toKubeYaml(value: unknown): string {
  if (isFilled(value)) return block(value, 0);
  return `${inline(value, { indent: 2, column: 0, isKey: false })}\n`;
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function inline(value: unknown, place: Parameters<typeof yamlText>[1]): string {
  if (typeof value === 'string') return yamlText(value, place);
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return '[]';
  return typeof value === 'object' && value !== null ? '{}' : String(value ?? null);
}

function numberText(value: number): string {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 64 ? String(value) : goFloat(value);
}

/** Lines of a map or list, the first of them without its indentation's blanks when it follows a dash. */
function block(value: object, indent: number): string {
  return Array.isArray(value) ? listBlock(value, indent) : mapBlock(value as Members, indent);
}

function listBlock(items: readonly unknown[], indent: number): string {
  const blanks = ' '.repeat(indent);
  return items.map((item) => `${blanks}- ${itemText(item, indent + 2)}`).join('');
}

function itemText(item: unknown, indent: number): string {
  return isFilled(item) ? block(item, indent).slice(indent) : `${inline(item, { indent, column: indent, isKey: false })}\n`;
}

function mapBlock(members: Members, indent: number): string {
  const keys = Object.keys(members)
    .filter((key) => members[key] !== undefined)
    .sort(compareNaturally);
  return keys.map((key) => memberText(key, ownMember(members, key), indent)).join('');
}

/** A simple key is one line of at most this many bytes; others need the explicit form. */
const longestSimpleKey = 128;

function memberText(key: string, value: unknown, indent: number): string {
  const blanks = ' '.repeat(indent);
  const isSimple = Buffer.byteLength(key) <= longestSimpleKey && !key.includes('\n');
  const keyText = yamlText(key, { indent: indent + 2, column: indent, isKey: isSimple });
  if (!isSimple) return `${blanks}? ${keyText}\n${blanks}: ${itemText(value, indent + 2)}`;
  const start = `${blanks}${keyText}:`;
  if (!isFilled(value)) return `${start} ${inline(value, { indent: indent + 2, column: start.length + 1, isKey: false })}\n`;
  return `${start}\n${block(value, Array.isArray(value) ? indent : indent + 2)}`;
}
