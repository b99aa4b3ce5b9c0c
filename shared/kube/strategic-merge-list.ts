/** The lists of a strategic merge: which items belong together, and in what order the result has them. */

import { ownMember } from '../lib/own-member.ts';
import { goPrint } from './go-print.ts';
import type { ListSchema } from './schema.ts';

export type Members = Readonly<Record<string, unknown>>;

/** One merge; it goes on after an error, and its answer is then thrown away. */
export interface MergeRun {
  error?: string;
}

/** What a list merge needs to know of its surroundings. */
export interface ListRules {
  readonly schema: ListSchema;
  readonly run: MergeRun;
  readonly mergeItem: (base: Members, overlay: Members) => Members;
}

export const patchDirective = '$patch';

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keeps the first error. */
export function refuse(run: MergeRun, message: string): void {
  run.error ??= message;
}

/** Merges a list of objects by their key, or unites a list of scalars. */
export function mergeList(base: readonly unknown[], overlay: readonly unknown[], rules: ListRules): readonly unknown[] {
  if (overlay.length === 0) return base;
  const items = sameType(base, overlay, rules.run);
  if (items === 'objects') return sharedIfEqual(base, mergeObjects(base, overlay, rules));
  if (items === 'scalars' && rules.schema.mergeKey !== undefined) {
    refuse(rules.run, `expected a map[string]interface {}, but received a ${goTypeName(overlay[0])}`);
  }
  return ordered([...new Set([...base, ...overlay])], { wanted: overlay, base, keyOf: (item) => item });
}

function sharedIfEqual(base: readonly unknown[], merged: readonly unknown[]): readonly unknown[] {
  return base.length === merged.length && merged.every((item, index) => item === base[index]) ? base : merged;
}

function mergeObjects(base: readonly unknown[], overlay: readonly unknown[], rules: ListRules): readonly unknown[] {
  const { mergeKey } = rules.schema;
  if (mergeKey === undefined) {
    refuse(rules.run, 'cannot merge lists without merge key for type string');
    return base;
  }
  const { kept, plain } = obeyDirectives(base, overlay as readonly Members[], rules, mergeKey);
  const merged = [...kept];
  const keyOf = keyReader(rules, mergeKey);
  const keys = merged.map(keyOf);
  for (const item of plain) {
    const key = ownMember(item, mergeKey);
    if (key === undefined) refuse(rules.run, noMergeKey(item, mergeKey));
    const at = keys.indexOf(key);
    const found = merged[at];
    if (isMembers(found)) {
      merged[at] = rules.mergeItem(found, item);
    } else {
      merged.push(item);
      keys.push(key);
    }
  }
  return ordered(merged, { wanted: plain, base: kept, keyOf });
}

/** Items with `$patch` are no items: `delete` takes all matching ones away, `replace` all that are there. */
function obeyDirectives(base: readonly unknown[], overlay: readonly Members[], rules: ListRules, mergeKey: string): SplitList {
  const plain = overlay.filter((item) => !Object.hasOwn(item, patchDirective));
  const keyOf = keyReader(rules, mergeKey);
  let kept = base;
  for (const item of overlay) {
    const directive = ownMember(item, patchDirective);
    if (directive === 'delete') {
      const key = ownMember(item, mergeKey);
      if (key === undefined) refuse(rules.run, noMergeKey(item, mergeKey));
      kept = kept.filter((candidate) => keyOf(candidate) !== key);
    } else if (directive === 'merge') {
      refuse(rules.run, 'merging lists cannot yet be specified in the patch');
    } else if (directive !== 'replace' && Object.hasOwn(item, patchDirective)) {
      refuse(rules.run, unknownDirective(directive, item));
    }
  }
  const replaces = overlay.some((item) => ownMember(item, patchDirective) === 'replace');
  return replaces ? { kept: plain, plain: [] } : { kept, plain };
}

interface SplitList {
  readonly kept: readonly unknown[];
  readonly plain: readonly Members[];
}

/** Reads keys of typed items: a key that Go always prints is there as its zero value. */
function keyReader(rules: ListRules, mergeKey: string): (item: unknown) => unknown {
  const { item } = rules.schema;
  const field = item.kind === 'struct' ? item.fields.get(mergeKey) : undefined;
  const zero = field?.zero === 'keep' ? zeroKey(field.schema.kind) : undefined;
  return (value) => (isMembers(value) ? (ownMember(value, mergeKey) ?? zero) : undefined);
}

function zeroKey(kind: string): unknown {
  return kind === 'string' ? '' : 0;
}

/** What {@link ordered} goes by. */
interface Order {
  /** The items, or keys, whose order is asked for. */
  readonly wanted: readonly unknown[];
  /** The list before the merge. */
  readonly base: readonly unknown[];
  readonly keyOf: (item: unknown) => unknown;
}

/**
 * Walks the items that are wanted, in that order, and the others, in the base's: another item goes first only if the base has both and has it
 * first. So what is new at the head of an overlay goes to the front.
 */
export function ordered(merged: readonly unknown[], order: Order): readonly unknown[] {
  const { keyOf } = order;
  const wantedAt = firstPositions(order.wanted, keyOf);
  const baseAt = firstPositions(order.base, keyOf);
  const positionIn = (positions: ReadonlyMap<unknown, number>, item: unknown) => positions.get(keyOf(item)) ?? -1;
  const byPosition = (positions: ReadonlyMap<unknown, number>) => (left: unknown, right: unknown) =>
    positionIn(positions, left) - positionIn(positions, right);
  const wanted = merged.filter((item) => wantedAt.has(keyOf(item))).sort(byPosition(wantedAt));
  const others = merged.filter((item) => !wantedAt.has(keyOf(item))).sort(byPosition(baseAt));
  const result: unknown[] = [];
  for (const item of wanted) {
    const limit = positionIn(baseAt, item);
    while (others.length > 0 && positionIn(baseAt, others[0]) >= 0 && positionIn(baseAt, others[0]) < limit) result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
}

function firstPositions(items: readonly unknown[], keyOf: (item: unknown) => unknown): ReadonlyMap<unknown, number> {
  const positions = new Map<unknown, number>();
  for (const [index, item] of items.entries()) if (!positions.has(keyOf(item))) positions.set(keyOf(item), index);
  return positions;
}

/**
 * Orders a merged list by `$setElementOrder`, whose entries are keys alone (for objects: objects with their key). Every item of the overlay must
 * be named there, in the same order.
 */
export function orderedByDirective(merged: readonly unknown[], lists: DirectiveLists, rules: ListRules): readonly unknown[] {
  const { mergeKey } = rules.schema;
  const keyOf = mergeKey === undefined ? (item: unknown) => item : keyReader(rules, mergeKey);
  if (!isInOrder(lists, keyOf)) {
    refuse(
      rules.run,
      `The order in patch list:\n${goPrint(lists.overlay)}\n doesn't match $setElementOrder list:\n${goPrint(lists.wanted)}\n`,
    );
  }
  return ordered(merged, { wanted: lists.wanted, base: lists.base, keyOf });
}

interface DirectiveLists {
  readonly base: readonly unknown[];
  readonly overlay: readonly unknown[];
  readonly wanted: readonly unknown[];
}

function isInOrder({ overlay, wanted }: DirectiveLists, keyOf: (item: unknown) => unknown): boolean {
  if (wanted.length === 0) return true;
  const items = overlay.filter((item) => !isMembers(item) || !Object.hasOwn(item, patchDirective));
  let next = 0;
  for (const entry of wanted) if (next < items.length && keyOf(items[next]) === keyOf(entry)) next += 1;
  return next === items.length;
}

/** `$deleteFromPrimitiveList`. */
export function removeFromList(base: readonly unknown[], removed: readonly unknown[]): readonly unknown[] {
  const unwanted = new Set(removed);
  return base.filter((item) => !unwanted.has(item));
}

function sameType(base: readonly unknown[], overlay: readonly unknown[], run: MergeRun): 'objects' | 'scalars' | undefined {
  const types = new Set([...base, ...overlay].map(goTypeName));
  if (types.size > 1) refuse(run, `list element types are not identical: ${goPrint([base, overlay])}`);
  else if (types.has(listType)) refuse(run, 'lists of lists are not supported');
  else return types.has(objectType) ? 'objects' : 'scalars';
  return undefined;
}

const objectType = 'map[string]interface {}';
const listType = '[]interface {}';

function goTypeName(value: unknown): string {
  if (Array.isArray(value)) return listType;
  if (isMembers(value)) return objectType;
  return typeof value === 'number' ? 'float64' : typeof value === 'boolean' ? 'bool' : value === null ? '<nil>' : 'string';
}

/** Whether Go would hold both in the same type. */
export function hasSameType(left: unknown, right: unknown): boolean {
  return goTypeName(left) === goTypeName(right);
}

export function unknownDirective(directive: unknown, item: Members): string {
  return `unknown patch type: ${goPrint(directive)} in map: ${goPrint(item)}`;
}

function noMergeKey(item: Members, mergeKey: string): string {
  return `map: ${goPrint(item)} does not contain declared merge key: ${mergeKey}`;
}
