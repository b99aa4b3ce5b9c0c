import { equals, equalsAny, less } from './compare.ts';
import { escapeHtml, escapeJs, escapeQuery } from './escape.ts';
import { sprint, sprintf, sprintln } from './fmt/printf.ts';
import { type FunctionTable, fn, type GoFunction, variadic } from './function.ts';
import { indirect, isNil, isTrue, typeName } from './reflect.ts';
import { anyType, elemType, GoFailure, type GoList, type GoMap, type GoValue, int, list } from './value.ts';

/** Go's predefined template functions; `and`, `or` and `call` are part of the engine. */
export const builtins: FunctionTable = new Map<string, GoFunction>([
  ['eq', variadic(['value'], 'value', equalsAny)],
  ['ne', fn(['value', 'value'], (left, right) => !equals(left, right))],
  ['lt', fn(['value', 'value'], less)],
  ['le', fn(['value', 'value'], (left, right) => less(left, right) || equals(left, right))],
  ['gt', fn(['value', 'value'], (left, right) => !less(left, right) && !equals(left, right))],
  ['ge', fn(['value', 'value'], (left, right) => !less(left, right))],
  ['not', fn(['value'], (value) => !isTrue(value))],
  ['len', fn(['value'], length)],
  ['index', variadic(['value'], 'value', (item, indexes) => indexes.reduce(indexInto, rootItem(item)))],
  ['slice', variadic(['value'], 'value', slice)],
  ['print', variadic([], 'any', sprint)],
  ['printf', variadic(['string'], 'any', sprintf)],
  ['println', variadic([], 'any', sprintln)],
  ['html', variadic([], 'any', (values) => escapeHtml(joined(values)))],
  ['js', variadic([], 'any', (values) => escapeJs(joined(values)))],
  ['urlquery', variadic([], 'any', (values) => escapeQuery(joined(values)))],
]);

function joined(values: readonly GoValue[]): string {
  return sprint(values.map((value) => indirect(value) ?? '<no value>'));
}

/** Go's `len`; of a string it counts bytes. */
export function length(value: GoValue): GoValue {
  if (value === undefined) throw new GoFailure('reflect: call of reflect.Value.Type on zero Value');
  if (typeof value === 'string') return int(Buffer.byteLength(value));
  if (typeof value === 'object' && value !== null) {
    if (value.kind === 'list') return int(value.items().length);
    if (value.kind === 'map') return int(value.entries().size);
  }
  if (isNil(value)) throw new GoFailure('len of nil pointer');
  throw new GoFailure(`len of type ${typeName(value)}`);
}

function rootItem(item: GoValue): GoValue {
  if (item === undefined || item === null) throw new GoFailure('index of untyped nil');
  return item;
}

function indexInto(given: GoValue, index: GoValue): GoValue {
  const item = indirect(given);
  if (typeof item === 'string') return byteAt(item, index);
  if (typeof item === 'object' && item !== null) {
    if (item.kind === 'list') return itemAt(item, index);
    if (item.kind === 'map') return memberAt(item, index);
  }
  if (isNil(item)) throw new GoFailure('index of nil pointer');
  throw new GoFailure(`can't index item of type ${typeName(item)}`);
}

function itemAt(item: GoList, index: GoValue): GoValue {
  const items = item.items();
  const at = position(index, items.length);
  if (at === items.length) throw new GoFailure('reflect: slice index out of range');
  return items[at];
}

function byteAt(text: string, index: GoValue): GoValue {
  const bytes = Buffer.from(text);
  const byte = bytes[position(index, bytes.length)];
  if (byte === undefined) throw new GoFailure('reflect: string index out of range');
  return int(byte, 'uint8');
}

/** A missing member is the zero value of the map's elements: the empty string in a string map, nil in an untyped one. */
function memberAt(map: GoMap, key: GoValue): GoValue {
  if (key === undefined || key === null) throw new GoFailure('value is nil; should be of type string');
  if (typeof key !== 'string') throw new GoFailure(`value has type ${typeName(key)}; should be string`);
  const entries = map.entries();
  if (entries.has(key)) return entries.get(key);
  return elemType(map) === anyType ? null : zeroOf(elemType(map));
}

function zeroOf(type: string): GoValue {
  if (type === 'string') return '';
  return type === 'bool' ? false : undefined;
}

/** An index from 0 to `max`, both allowed. */
function position(index: GoValue, max: number): number {
  if (index === undefined || index === null) throw new GoFailure('cannot index slice/array with nil');
  if (typeof index !== 'object' || index.kind !== 'int') throw new GoFailure(`cannot index slice/array with type ${typeName(index)}`);
  if (index.value < 0n || index.value > BigInt(max)) throw new GoFailure(`index out of range: ${index.value}`);
  return Number(index.value);
}

function slice(given: GoValue, indexes: readonly GoValue[]): GoValue {
  if (given === undefined || given === null) throw new GoFailure('slice of untyped nil');
  if (indexes.length > 3) throw new GoFailure(`too many slice indexes: ${indexes.length}`);
  const item = indirect(given);
  if (typeof item === 'string') {
    if (indexes.length === 3) throw new GoFailure('cannot 3-index slice a string');
    const bytes = Buffer.from(item);
    const [start, end] = bounds(indexes, bytes.length);
    return bytes.subarray(start, end).toString();
  }
  if (typeof item !== 'object' || item === null || item.kind !== 'list') throw new GoFailure(`can't slice item of type ${typeName(item)}`);
  const [start, end] = bounds(indexes, item.items().length);
  return list(item.items().slice(start, end), elemType(item));
}

function bounds(indexes: readonly GoValue[], size: number): readonly [number, number] {
  const [start = 0, end = size, limit = size] = indexes.map((index) => position(index, size));
  if (start > end) throw new GoFailure(`invalid slice index: ${start} > ${end}`);
  if (end > limit) throw new GoFailure(`invalid slice index: ${end} > ${limit}`);
  return [start, end];
}
