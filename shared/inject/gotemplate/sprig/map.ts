import { fn, type GoFunction, type ParamTypes, variadic } from '../function.ts';
import { limits, type Meter } from '../limits.ts';
import { typeName } from '../reflect.ts';
import { dict, GoFailure, type GoList, type GoMap, type GoValue, LimitFailure, list, sortedKeys } from '../value.ts';
import { isEmpty, texts, toText } from './convert.ts';

/** sprig's functions on maps. `set`, `unset` and the merges change the map that they are given, as in Go. */
export const mapFunctions: readonly (readonly [string, GoFunction])[] = [
  ['dict', variadic([], 'any', makeDict)],
  ['get', fn(['dict', 'string'], (map, key) => (map.entries().has(key) ? map.entries().get(key) : ''))],
  ['set', fn(['dict', 'string', 'any'], set)],
  ['unset', fn(['dict', 'string'], unset)],
  ['hasKey', fn(['dict', 'string'], (map, key) => map.entries().has(key))],
  [
    'pluck',
    variadic(['string'], 'dict', (key, maps) => list(maps.filter((map) => map.entries().has(key)).map((map) => map.entries().get(key)))),
  ],
  ['keys', variadic([], 'dict', (maps) => texts(maps.flatMap(sortedKeys)))],
  ['values', fn(['dict'], (map) => list(sortedKeys(map).map((key) => map.entries().get(key))))],
  ['pick', variadic(['dict'], 'string', (map, keys) => dict(new Map([...map.entries()].filter(([key]) => keys.includes(key)))))],
  ['omit', variadic(['dict'], 'string', (map, keys) => dict(new Map([...map.entries()].filter(([key]) => !keys.includes(key)))))],
  ['dig', variadic([], 'any', dig)],
  ['merge', variadic(['dict'], 'dict', (target, sources, meter) => mergeAll(target, sources, { overwrite: false, meter }))],
  ['mustMerge', variadic(['dict'], 'dict', (target, sources, meter) => mergeAll(target, sources, { overwrite: false, meter }))],
  ['mergeOverwrite', variadic(['dict'], 'dict', (target, sources, meter) => mergeAll(target, sources, { overwrite: true, meter }))],
  ['mustMergeOverwrite', variadic(['dict'], 'dict', (target, sources, meter) => mergeAll(target, sources, { overwrite: true, meter }))],
  ['deepCopy', fn(['any'], (value, meter) => copy(value, meter, 0))],
  ['mustDeepCopy', fn(['any'], (value, meter) => copy(value, meter, 0))],
];

function makeDict(parts: readonly GoValue[]): GoMap {
  const entries = new Map<string, GoValue>();
  for (let at = 0; at < parts.length; at += 2) entries.set(toText(parts[at]), at + 1 < parts.length ? parts[at + 1] : '');
  return dict(entries);
}

function set(map: GoMap, key: string, value: GoValue): GoMap {
  if (map.isNil) throw new GoFailure('assignment to entry in nil map');
  map.entries().set(key, value);
  return map;
}

function unset(map: GoMap, key: string): GoMap {
  map.entries().delete(key);
  return map;
}

/** Walks down by keys; the last two arguments are the default and the map. */
function dig(args: readonly GoValue[]): GoValue {
  if (args.length < 3) throw new GoFailure('dig needs at least three arguments');
  let value: GoValue = args.at(-1);
  for (const step of args.slice(0, -2)) {
    const { entries } = isDict(value) ? value : mismatch(value, 'map[string]interface {}');
    const key = typeof step === 'string' ? step : mismatch(step, 'string');
    if (!entries().has(key)) return args.at(-2);
    value = entries().get(key);
  }
  return value;
}

function isDict(value: GoValue): value is ParamTypes['dict'] {
  return typeof value === 'object' && value?.kind === 'map';
}

function mismatch(value: GoValue, wanted: string): never {
  const type = value === null || value === undefined ? 'nil' : typeName(value);
  throw new GoFailure(`interface conversion: interface {} is ${type}, not ${wanted}`);
}

interface MergeOptions {
  readonly overwrite: boolean;
  readonly meter: Meter;
}

function mergeAll(target: GoMap, sources: readonly GoMap[], options: MergeOptions): GoMap {
  for (const source of sources) merge(target, source, options, 0);
  return target;
}

/** Maps merge member by member. Otherwise the target's member stays unless it is empty, or with `overwrite` is replaced. */
function merge(target: GoMap, source: GoMap, options: MergeOptions, depth: number): void {
  if (depth > limits.maxValueDepth) throw new LimitFailure('value is nested too deeply');
  if (target === source) return;
  options.meter.spend(source.entries().size);
  const entries = target.entries();
  for (const [key, value] of source.entries()) {
    const own = entries.get(key);
    if (isDict(own) && isDict(value)) merge(own, value, options, depth + 1);
    else if (options.overwrite || isEmpty(own)) entries.set(key, value);
  }
}

/** Copying takes memory. */
const nodeCost = 64;

/** Maps and lists anew down to the scalars. */
function copy(value: GoValue, meter: Meter, depth: number): GoValue {
  meter.spend(nodeCost);
  if (depth > limits.maxValueDepth) throw new LimitFailure('value is nested too deeply');
  if (typeof value !== 'object' || value === null) return value;
  if (value.kind === 'list') return copyList(value, (item) => copy(item, meter, depth + 1));
  return value.kind === 'map' ? copyMap(value, (item) => copy(item, meter, depth + 1)) : value;
}

function copyList(value: GoList, copyItem: (item: GoValue) => GoValue): GoList {
  const items = value.items().map(copyItem);
  return { ...value, items: () => items };
}

function copyMap(value: GoMap, copyItem: (item: GoValue) => GoValue): GoMap {
  const entries = new Map(Array.from(value.entries(), ([key, item]) => [key, copyItem(item)]));
  return { ...value, entries: () => entries };
}
