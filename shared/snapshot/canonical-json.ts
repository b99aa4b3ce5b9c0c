import { compareText } from '../lib/compare-text.ts';

/** Compact JSON with the keys of all objects in order: equal values, equal text. Members that are undefined do not exist. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, sortKeys);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)));
}
