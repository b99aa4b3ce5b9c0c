/**
 * Strategic merge patch. Reads base and overlay, writes neither; what the overlay does not touch is shared with the base.
 *
 * @see https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
 */

import { ownMember, setOwnMember } from '../lib/own-member.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { ListSchema, Schema, StructSchema } from './schema.ts';
import {
  hasSameType,
  isMembers,
  type ListRules,
  type Members,
  type MergeRun,
  mergeList,
  orderedByDirective,
  patchDirective,
  refuse,
  removeFromList,
  unknownDirective,
} from './strategic-merge-list.ts';

const retainKeysDirective = '$retainKeys';
const deletePrefix = '$deleteFromPrimitiveList/';
const orderPrefix = '$setElementOrder/';

/**
 * Lays the overlay over the base. Both are plain JSON of the described type, the base a decoded value; the answer is not decoded, so members
 * that the type lacks and nulls inside of what the overlay adds are still in it.
 */
export function strategicMerge(base: unknown, overlay: unknown, schema: StructSchema): Result<unknown> {
  if (overlay === null || overlay === undefined) return ok(base);
  if (!isMembers(overlay) || !isMembers(base)) return fail('invalid JSON document');
  const run: MergeRun = {};
  const merged = mergeMembers(base, overlay, schema, run);
  return run.error === undefined ? ok(merged) : fail(run.error);
}

/** The members that a merge changes; undefined stands for one that goes. */
type Changes = Map<string, unknown>;

function mergeMembers(base: Members, overlay: Members, schema: Schema, run: MergeRun): Members {
  if (Object.hasOwn(overlay, patchDirective)) return obeyMapDirective(base, overlay, run);
  const kept = Object.hasOwn(overlay, retainKeysDirective) ? retainKeys(base, overlay, run) : base;
  const changes: Changes = new Map();
  const ordering = Object.keys(overlay).filter((key) => key.startsWith(orderPrefix));
  for (const directive of ordering)
    orderMember(kept, overlay, { key: directive.slice(orderPrefix.length), directive, schema, run, changes });
  for (const key of Object.keys(overlay)) {
    if (key === retainKeysDirective || key.startsWith(orderPrefix) || ordering.includes(orderPrefix + key)) continue;
    const target = key.startsWith(deletePrefix) ? key.slice(deletePrefix.length) : key;
    const current = changes.has(target) ? changes.get(target) : ownMember(kept, target);
    changes.set(target, mergeMember(current, ownMember(overlay, key), { key: target, removes: target !== key, schema, run }));
  }
  return withChanges(kept, changes);
}

function obeyMapDirective(base: Members, overlay: Members, run: MergeRun): Members {
  const { [patchDirective]: directive, ...rest } = overlay;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return {};
  refuse(run, unknownDirective(directive, overlay));
  return base;
}

/** Drops what the directive does not name; it must name all that the overlay sets. */
function retainKeys(base: Members, overlay: Members, run: MergeRun): Members {
  const retained = overlay[retainKeysDirective];
  const names: readonly unknown[] = Array.isArray(retained) ? retained : [];
  const isDirective = (key: string) => key === retainKeysDirective || key.startsWith(deletePrefix) || key.startsWith(orderPrefix);
  const isForgotten = (key: string) => ownMember(overlay, key) !== null && !isDirective(key) && !names.includes(key);
  if (!Array.isArray(retained) || Object.keys(overlay).some(isForgotten)) refuse(run, 'invalid patch format of retainKeys list');
  return withChanges(base, new Map(Object.keys(base).flatMap((key) => (names.includes(key) ? [] : [[key, undefined] as const]))));
}

interface Place {
  readonly key: string;
  /** Describes the object that has the member. */
  readonly schema: Schema;
  readonly run: MergeRun;
}

/** `$setElementOrder/key`: merges that list and then orders it. */
function orderMember(base: Members, overlay: Members, place: Place & { readonly directive: string; readonly changes: Changes }): void {
  const { key, run, changes } = place;
  const current = ownMember(base, key);
  const added = ownMember(overlay, key);
  const wanted = ownMember(overlay, place.directive);
  if ([current ?? [], added ?? [], wanted].some((list) => !Array.isArray(list))) {
    refuse(run, 'expected a []interface {}, but received something else');
  } else if (current !== undefined || added !== undefined) {
    const lists = { base: (current ?? []) as unknown[], overlay: (added ?? []) as unknown[], wanted: wanted as unknown[] };
    const rules = listRules(memberSchema(place), run);
    const merged = rules ? mergeList(lists.base, lists.overlay, rules) : added === undefined ? lists.base : lists.overlay;
    changes.set(key, orderedByDirective(merged, lists, rules ?? { schema: scalarList, run, mergeItem: (_base, item) => item }));
  }
}

const scalarList: ListSchema = { kind: 'list', item: { kind: 'opaque' } };

function mergeMember(current: unknown, given: unknown, place: Place & { readonly removes: boolean }): unknown {
  if (given === null || given === undefined) return undefined;
  if (current === undefined || !hasSameType(current, given)) return given;
  const schema = memberSchema(place);
  if (isMembers(given)) return mergeMembers(current as Members, given, schema ?? { kind: 'opaque' }, place.run);
  if (!Array.isArray(given)) return given;
  const rules = listRules(schema, place.run);
  if (!rules) return given;
  return place.removes ? removeFromList(current as readonly unknown[], given) : mergeList(current as readonly unknown[], given, rules);
}

function memberSchema({ schema, key, run }: Place): Schema | undefined {
  if (schema.kind === 'map') return schema.value;
  if (schema.kind !== 'struct') return undefined;
  const field = schema.fields.get(key);
  if (!field) refuse(run, `unable to find api field in struct ${schema.name} for the json field ${JSON.stringify(key)}`);
  return field?.schema;
}

/** Undefined for a list that is replaced as a whole. */
function listRules(schema: Schema | undefined, run: MergeRun): ListRules | undefined {
  if (schema?.kind !== 'list' || (schema.mergeKey === undefined && !schema.unite)) return undefined;
  return { schema, run, mergeItem: (base, overlay) => mergeMembers(base, overlay, schema.item, run) };
}

function withChanges(base: Members, changes: ReadonlyMap<string, unknown>): Members {
  const real = [...changes].filter(([key, value]) => value !== ownMember(base, key));
  if (real.length === 0) return base;
  const copy: Record<string, unknown> = { ...base };
  for (const [key, value] of real) {
    if (value === undefined) delete copy[key];
    else setOwnMember(copy, key, value);
  }
  return copy;
}
