import { limits, type Meter } from '../limits.ts';
import { typeName } from '../reflect.ts';
import { type GoValue, LimitFailure } from '../value.ts';

/** Go's `reflect.DeepEqual`: same types and same content. Fails when it exceeds the limits. */
export function deepEqual(left: GoValue, right: GoValue, meter: Meter): boolean {
  return same(left, right, meter, 0);
}

const nodeCost = 24;

function same(left: GoValue, right: GoValue, meter: Meter, depth: number): boolean {
  meter.spend(nodeCost);
  if (depth > limits.maxValueDepth) throw new LimitFailure('value is nested too deeply');
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return (left ?? null) === (right ?? null);
  if (left === right) return true;
  if (typeName(left) !== typeName(right)) return false;
  const inside = (one: GoValue, other: GoValue): boolean => same(one, other, meter, depth + 1);
  switch (left.kind) {
    case 'int':
    case 'enum':
      return right.kind === left.kind && left.value === right.value;
    case 'time':
      return right.kind === 'time' && left.epochMs === right.epochMs && left.zone === right.zone;
    case 'pointer':
      return right.kind === 'pointer' && left.isNil === right.isNil && inside(left.target, right.target);
    case 'list':
      return right.kind === 'list' && left.isNil === right.isNil && sameItems(left.items(), right.items(), inside);
    case 'map':
      return right.kind === 'map' && left.isNil === right.isNil && sameEntries(left.entries(), right.entries(), inside);
    case 'struct':
      return (
        right.kind === 'struct' &&
        left.isNil === right.isNil &&
        (left.isNil || left.fields.every((name) => inside(left.get(name), right.get(name))))
      );
  }
}

type Compare = (left: GoValue, right: GoValue) => boolean;

function sameItems(left: readonly GoValue[], right: readonly GoValue[], inside: Compare): boolean {
  return left.length === right.length && left.every((item, index) => inside(item, right[index]));
}

function sameEntries(left: ReadonlyMap<string, GoValue>, right: ReadonlyMap<string, GoValue>, inside: Compare): boolean {
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && inside(value, right.get(key)));
}

/** The items without repetitions, in order. */
export function distinct(items: readonly GoValue[], meter: Meter): readonly GoValue[] {
  const scalars = new Set<GoValue>();
  const kept: GoValue[] = [];
  const compound: GoValue[] = [];
  for (const item of items) {
    const isScalar = item === null || typeof item !== 'object';
    if (isScalar ? scalars.has(item) : compound.some((other) => same(other, item, meter, 0))) continue;
    if (isScalar) scalars.add(item);
    else compound.push(item);
    kept.push(item);
  }
  return kept;
}
