import { formatValue, plainVerb } from '../fmt/format.ts';
import { fitsInt64, parseFloat64, parseInteger } from '../fmt/number.ts';
import { indirect, isTrue, kindName } from '../reflect.ts';
import { GoFailure, type GoList, type GoValue, list } from '../value.ts';

const zeroDecimals = /\.0*$/;

/** Any value as an int64: texts by Go's literal syntax, floats cut, true is 1, everything else 0. Wraps like Go's arithmetic. */
export function toInt64(given: GoValue): bigint {
  const value = indirect(given);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return floatToInt64(value);
  if (typeof value === 'string') {
    const parsed = parseInteger(value.replace(zeroDecimals, ''));
    return parsed !== undefined && fitsInt64(parsed) ? parsed : 0n;
  }
  return typeof value === 'object' && value?.kind === 'int' ? BigInt.asIntN(64, value.value) : 0n;
}

const smallest = -(2n ** 63n);

function floatToInt64(value: number): bigint {
  if (!Number.isFinite(value)) return smallest;
  const whole = BigInt(Math.trunc(value));
  return fitsInt64(whole) ? whole : smallest;
}

/** Any value as a float64; a text that is no number is 0. */
export function toFloat64(given: GoValue): number {
  const value = indirect(given);
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return parseFloat64(value) ?? 0;
  return typeof value === 'object' && value?.kind === 'int' ? Number(value.value) : 0;
}

/** Any value as text, as `%v` prints it. */
export function toText(value: GoValue): string {
  return typeof value === 'string' ? value : formatValue(value, plainVerb);
}

/** A list's items as texts without the nil ones; any other value is a list of itself, nil of none. */
export function toTexts(value: GoValue): readonly string[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object' || value.kind !== 'list') return [toText(value)];
  return value
    .items()
    .filter((item) => item !== null && item !== undefined)
    .map(toText);
}

/** Whether sprig calls a value empty: like Go's truth, but a struct is never empty. */
export function isEmpty(value: GoValue): boolean {
  return !isTrue(value);
}

/** A list's items. Fails like sprig for anything else; `task` names what was to be done with them. */
export function itemsOf(value: GoValue, task: string): readonly GoValue[] {
  if (typeof value === 'object' && value?.kind === 'list') return value.items();
  throw notAList(value, (kind) => `Cannot ${task} on type ${kind}`);
}

/** Go's panic for nil, otherwise a message that names the kind. */
export function notAList(value: GoValue, message: (kind: string) => string): GoFailure {
  const isNothing = value === null || value === undefined;
  return new GoFailure(isNothing ? 'runtime error: invalid memory address or nil pointer dereference' : message(kindName(value)));
}

export function texts(items: readonly string[]): GoList {
  return list(items, 'string');
}

/** Text cut at byte positions, as Go slices strings; a character that is cut apart becomes U+FFFD. */
export function sliceBytes(text: string, start: number, end?: number): string {
  return Buffer.from(text).subarray(start, end).toString();
}
