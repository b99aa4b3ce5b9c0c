import type { Operation } from 'fast-json-patch';
import type { ListSchema, Schema } from '../kube/schema.ts';
import { ownMember } from '../lib/own-member.ts';

/**
 * The JSON Patch that turns one decoded value into another, applicable to the raw object that the first was decoded from: whatever exists in
 * the decoded value exists there, and whatever does not is added with its parents. Lists of named items are changed item by item, so that a
 * container in front costs one operation and members that only newer API servers know stay.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
export function diff(before: unknown, after: unknown, schema: Schema): readonly Operation[] {
  const operations: Operation[] = [];
  diffValue({ before, after, schema, path: '' }, operations);
  return operations;
}

interface Change {
  readonly before: unknown;
  readonly after: unknown;
  readonly schema: Schema | undefined;
  readonly path: string;
}

type Members = Readonly<Record<string, unknown>>;

function diffValue(change: Change, operations: Operation[]): void {
  const { before, after, schema, path } = change;
  if (before === after) return;
  if (isMembers(before) && isMembers(after)) return diffMembers({ before, after, schema, path }, operations);
  if (Array.isArray(before) && Array.isArray(after)) {
    if (isSame(before, after)) return;
    if (schema?.kind === 'list' && schema.mergeKey !== undefined) return diffItems({ before, after, schema, path }, operations);
  }
  operations.push({ op: 'replace', path, value: after });
}

interface MemberChange extends Change {
  readonly before: Members;
  readonly after: Members;
}

function diffMembers({ before, after, schema, path }: MemberChange, operations: Operation[]): void {
  for (const key of Object.keys(before)) {
    const value = ownMember(after, key);
    if (value === before[key] && value !== undefined) continue;
    const memberPath = `${path}/${pointerToken(key)}`;
    if (value === undefined) operations.push({ op: 'remove', path: memberPath });
    else diffValue({ before: before[key], after: value, schema: memberSchema(schema, key), path: memberPath }, operations);
  }
  for (const key of Object.keys(after)) {
    if (!Object.hasOwn(before, key) && after[key] !== undefined) {
      operations.push({ op: 'add', path: `${path}/${pointerToken(key)}`, value: after[key] });
    }
  }
}

const escapedInPointer = /[~/]/;

/** Its order matters: what escapes the slash has a tilde. */
function pointerToken(key: string): string {
  return escapedInPointer.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

function memberSchema(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.kind === 'struct') return schema.fields.get(key)?.schema;
  return schema?.kind === 'map' ? schema.value : undefined;
}

interface ItemChange extends Change {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
  readonly schema: ListSchema;
}

/** First what goes, from the end, then each place in turn: what belongs there is in place, is moved there, or is new. */
function diffItems({ before, after, schema, path }: ItemChange, operations: Operation[]): void {
  const sources = matchItems(before, after, schema.mergeKey ?? '');
  const kept = new Set(sources);
  for (let index = before.length - 1; index >= 0; index--) {
    if (!kept.has(index)) operations.push({ op: 'remove', path: `${path}/${index}` });
  }
  const current = [...before.keys()].filter((index) => kept.has(index));
  for (const [index, source] of sources.entries()) {
    const itemPath = `${path}/${index}`;
    if (source === undefined) {
      operations.push({ op: 'add', path: itemPath, value: after[index] });
      current.splice(index, 0, -1);
      continue;
    }
    const from = current.indexOf(source);
    if (from !== index) {
      operations.push({ op: 'move', from: `${path}/${from}`, path: itemPath });
      current.splice(from, 1);
      current.splice(index, 0, source);
    }
    diffValue({ before: before[source], after: after[index], schema: schema.item, path: itemPath }, operations);
  }
}

/** For each item its index in the list before: the very same item if it is there, else the first free one with the same key. */
function matchItems(before: readonly unknown[], after: readonly unknown[], mergeKey: string): readonly (number | undefined)[] {
  const free = new Set(before.keys());
  const take = (isMatch: (candidate: unknown) => boolean): number | undefined => {
    for (const index of free) {
      if (isMatch(before[index])) {
        free.delete(index);
        return index;
      }
    }
    return undefined;
  };
  const same = after.map((item) => take((candidate) => candidate === item));
  return after.map((item, index) => same[index] ?? take((candidate) => keyOf(candidate, mergeKey) === keyOf(item, mergeKey)));
}

function keyOf(item: unknown, mergeKey: string): unknown {
  return isMembers(item) ? item[mergeKey] : item;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((item, index) => isSame(item, after[index]));
  }
  if (!isMembers(before) || !isMembers(after)) return false;
  const keys = Object.keys(before);
  return keys.length === Object.keys(after).length && keys.every((key) => Object.hasOwn(after, key) && isSame(before[key], after[key]));
}
