import { fn, type GoFunction, variadic } from '../function.ts';
import type { Meter } from '../limits.ts';
import { anyType, elemType, GoFailure, type GoList, type GoValue, list } from '../value.ts';
import { isEmpty, itemsOf, notAList, toInt64 } from './convert.ts';
import { deepEqual, distinct } from './equal.ts';

/** sprig's functions on lists; each exists with `must` in front too. */
export const listFunctions: readonly (readonly [string, GoFunction])[] = [
  ['list', variadic([], 'any', (values) => list(values))],
  ['tuple', variadic([], 'any', (values) => list(values))],
  ['concat', variadic([], 'any', concat)],
  ...withMust(
    'first',
    fn(['any'], (value) => itemsOf(value, 'find first')[0] ?? null),
  ),
  ...withMust(
    'last',
    fn(['any'], (value) => itemsOf(value, 'find last').at(-1) ?? null),
  ),
  ...withMust(
    'rest',
    fn(['any'], (value) => rest(itemsOf(value, 'find rest'))),
  ),
  ...withMust(
    'initial',
    fn(['any'], (value) => list(itemsOf(value, 'find initial').slice(0, -1))),
  ),
  ...withMust(
    'reverse',
    fn(['any'], (value) => list(itemsOf(value, 'find reverse').toReversed())),
  ),
  ...withMust(
    'uniq',
    fn(['any'], (value, meter) => list(distinct(itemsOf(value, 'find uniq'), meter))),
  ),
  ...withMust(
    'compact',
    fn(['any'], (value) => list(itemsOf(value, 'compact').filter((item) => !isEmpty(item)))),
  ),
  ...withMust('without', variadic(['any'], 'any', without)),
  ...withMust('has', fn(['any', 'any'], has)),
  ...withMust('append', fn(['any', 'any'], append)),
  ...withMust('push', fn(['any', 'any'], append)),
  ...withMust(
    'prepend',
    fn(['any', 'any'], (value, item) => list([item, ...itemsOf(value, 'prepend')])),
  ),
  ...withMust('slice', variadic(['any'], 'any', slice)),
  ...withMust('chunk', fn(['int', 'any'], chunk)),
];

function withMust(name: string, call: GoFunction): readonly (readonly [string, GoFunction])[] {
  return [
    [name, call],
    [`must${name.charAt(0).toUpperCase()}${name.slice(1)}`, call],
  ];
}

function rest(items: readonly GoValue[]): GoList {
  return list(items.slice(1));
}

function append(value: GoValue, item: GoValue): GoList {
  return list([...itemsOf(value, 'push'), item]);
}

function has(needle: GoValue, value: GoValue, meter: Meter): boolean {
  return value !== null && itemsOf(value, 'find has').some((item) => deepEqual(needle, item, meter));
}

function without(value: GoValue, unwanted: readonly GoValue[], meter: Meter): GoList {
  const items = itemsOf(value, 'find without');
  return list(items.filter((item) => !unwanted.some((other) => deepEqual(other, item, meter))));
}

function concat(values: readonly GoValue[]): GoList {
  return list(values.flatMap((value) => listOf(value, (kind) => `Cannot concat type ${kind} as list`).items()));
}

function listOf(value: GoValue, message: (kind: string) => string): GoList {
  if (typeof value === 'object' && value?.kind === 'list') return value;
  throw notAList(value, message);
}

/** Of an empty list nil. Positions may be of any number type. */
function slice(value: GoValue, positions: readonly GoValue[]): GoValue {
  const items = listOf(value, (kind) => `list should be type of slice or array but ${kind}`).items();
  if (items.length === 0) return null;
  const [start = 0, end = items.length] = positions.map((position) => Number(toInt64(position)));
  if (start < 0 || start > end || end > items.length) throw new GoFailure('reflect.Value.Slice: slice index out of bounds');
  return list(items.slice(start, end), elemType(value as GoList));
}

function chunk(size: number, value: GoValue): GoList {
  const items = listOf(value, (kind) => `Cannot chunk type ${kind}`).items();
  if (size <= 0) throw new GoFailure('runtime error: makeslice: len out of range');
  const chunks = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => list(items.slice(index * size, (index + 1) * size)));
  return list(chunks, `[]${anyType}`);
}
