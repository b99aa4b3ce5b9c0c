import { limits, type Meter } from '../limits.ts';
import { elemType, type GoList, type GoMap, type GoValue, LimitFailure, lazyMap, list } from '../value.ts';

/** A value without its nil members and items, and without the maps and lists that are empty because of that; nil when nothing remains. */
export function omitNil(value: GoValue, meter: Meter): GoValue {
  return cleaned(value, meter, 0);
}

/** Copying takes memory. */
const nodeCost = 64;

function cleaned(value: GoValue, meter: Meter, depth: number): GoValue {
  meter.spend(nodeCost);
  if (depth > limits.maxValueDepth) throw new LimitFailure('value is nested too deeply');
  if (typeof value !== 'object' || value === null) return value ?? null;
  const clean = (item: GoValue): GoValue => cleaned(item, meter, depth + 1);
  if (value.kind === 'list') return cleanList(value, clean);
  return value.kind === 'map' ? cleanMap(value, clean) : value;
}

function cleanList(value: GoList, clean: (item: GoValue) => GoValue): GoValue {
  const items = value.items();
  const kept = items.map(clean).filter((item) => item !== null);
  return kept.length === 0 && items.length > 0 ? null : list(kept, elemType(value));
}

function cleanMap(value: GoMap, clean: (item: GoValue) => GoValue): GoValue {
  const entries = value.entries();
  const kept = new Map([...entries].map(([key, item]) => [key, clean(item)] as const).filter(([, item]) => item !== null));
  return kept.size === 0 && entries.size > 0 ? null : lazyMap(value.type, value.isNil, () => kept);
}
