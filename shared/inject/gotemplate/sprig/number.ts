import { formatFloat } from '../fmt/number.ts';
import { fn, type GoFunction, variadic } from '../function.ts';
import { limits, type Meter } from '../limits.ts';
import { GoFailure, type GoList, type GoValue, int, LimitFailure, list } from '../value.ts';
import { toFloat64, toInt64, toText } from './convert.ts';
import { addDecimals, type Decimal, decimalOf, divideDecimals, floatOf, multiplyDecimals, subtractDecimals } from './decimal.ts';

function int64(value: bigint): GoValue {
  return int(BigInt.asIntN(64, value), 'int64');
}

function divisor(value: GoValue): bigint {
  const by = toInt64(value);
  if (by === 0n) throw new GoFailure('runtime error: integer divide by zero');
  return by;
}

function best(first: GoValue, others: readonly GoValue[], wins: (left: bigint, right: bigint) => boolean): GoValue {
  return int64(others.map(toInt64).reduce((chosen, other) => (wins(other, chosen) ? other : chosen), toInt64(first)));
}

/** Work of one operation: decimals of float64 numbers can have 600 digits. */
const decimalCost = 2000;

function combined(numbers: readonly GoValue[], combine: (left: Decimal, right: Decimal) => Decimal, meter: Meter): number {
  meter.spend(numbers.length * decimalCost);
  const [first = { units: 0n, scale: 0 }, ...others] = numbers.map((value) => decimalOf(toFloat64(value)));
  return floatOf(others.reduce(combine, first));
}

/** sprig's functions on numbers: the plain names calculate with int64, those that end in `f` in decimal arithmetic. */
export const numberFunctions: readonly (readonly [string, GoFunction])[] = [
  ['int', fn(['any'], (value) => int(toInt64(value)))],
  ['int64', fn(['any'], (value) => int64(toInt64(value)))],
  ['float64', fn(['any'], toFloat64)],
  ['atoi', fn(['string'], (text) => int(parseDecimal(text)))],
  ['toDecimal', fn(['any'], (value) => int64(parseOctal(toText(value))))],
  ['add', variadic([], 'any', (values) => int64(values.reduce((sum: bigint, value) => sum + toInt64(value), 0n)))],
  ['add1', fn(['any'], (value) => int64(toInt64(value) + 1n))],
  ['sub', fn(['any', 'any'], (left, right) => int64(toInt64(left) - toInt64(right)))],
  [
    'mul',
    variadic(['any'], 'any', (first, others) =>
      int64(others.reduce((product: bigint, value) => BigInt.asIntN(64, product * toInt64(value)), toInt64(first))),
    ),
  ],
  ['div', fn(['any', 'any'], (left, right) => int64(toInt64(left) / divisor(right)))],
  ['mod', fn(['any', 'any'], (left, right) => int64(toInt64(left) % divisor(right)))],
  ['max', variadic(['any'], 'any', (first, others) => best(first, others, (left, right) => left > right))],
  ['biggest', variadic(['any'], 'any', (first, others) => best(first, others, (left, right) => left > right))],
  ['min', variadic(['any'], 'any', (first, others) => best(first, others, (left, right) => left < right))],
  ['maxf', variadic(['any'], 'any', (first, others) => Math.max(toFloat64(first), ...others.map(toFloat64)))],
  ['minf', variadic(['any'], 'any', (first, others) => Math.min(toFloat64(first), ...others.map(toFloat64)))],
  ['addf', variadic([], 'any', (values, meter) => combined([0, ...values], addDecimals, meter))],
  ['add1f', fn(['any'], (value, meter) => combined([value, 1], addDecimals, meter))],
  ['subf', variadic(['any'], 'any', (first, others, meter) => combined([first, ...others], subtractDecimals, meter))],
  ['mulf', variadic(['any'], 'any', (first, others, meter) => combined([first, ...others], multiplyDecimals, meter))],
  ['divf', variadic(['any'], 'any', (first, others, meter) => combined([first, ...others], divideDecimals, meter))],
  ['ceil', fn(['any'], (value) => Math.ceil(toFloat64(value)))],
  ['floor', fn(['any'], (value) => Math.floor(toFloat64(value)))],
  ['round', variadic(['any', 'int'], 'float64', (value, places, [from = 0.5]) => round(toFloat64(value), places, from))],
  ['until', fn(['int'], (count) => sequence(0, count, count < 0 ? -1 : 1))],
  ['untilStep', fn(['int', 'int', 'int'], sequence)],
  ['seq', variadic([], 'int', seq)],
];

const decimalText = /^[+-]?\d+$/;
const octalText = /^([+-]?)([0-7]+)$/;
const extremes = [-(2n ** 63n), 2n ** 63n - 1n] as const;

/** What does not fit is the nearest that does, as `Atoi` answers beside its error. */
function parseDecimal(text: string): bigint {
  if (!decimalText.test(text)) return 0n;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  if (value < extremes[0]) return extremes[0];
  return value > extremes[1] ? extremes[1] : value;
}

function parseOctal(text: string): bigint {
  const match = octalText.exec(text);
  if (!match) return 0n;
  const value = BigInt(`0o${match[2]}`);
  return match[1] === '-' ? -value : value;
}

function round(value: number, places: number, from: number): number {
  const power = 10 ** places;
  const scaled = power * value;
  const whole = scaled % 1 >= from ? Math.ceil(scaled) : Math.floor(scaled);
  const rounded = whole / power;
  return Number.isFinite(rounded) ? Number(formatFloat(rounded, 'g')) : rounded;
}

function sequence(start: number, stop: number, step: number): GoList {
  return list(
    steps(start, stop, step).map((value) => int(value)),
    'int',
  );
}

/** From `start` up to but without `stop`; empty when the step leads away from it. */
function steps(start: number, stop: number, step: number): readonly number[] {
  const down = stop < start;
  if (down ? step >= 0 : step <= 0) return [];
  const count = Math.ceil((stop - start) / step);
  if (count > limits.maxItems) throw new LimitFailure('value is too large');
  return Array.from({ length: count }, (_, index) => start + index * step);
}

/** Like the shell's `seq`: [first [step]] last, both ends included. */
function seq(args: readonly number[]): string {
  const [first = 1, second = 1, third] = args;
  if (args.length === 0 || args.length > 3) return '';
  const [start, end] = args.length === 1 ? [1, first] : [first, third ?? second];
  const towards = end < start ? -1 : 1;
  const step = third === undefined ? towards : second;
  if (third !== undefined && towards < 0 && step > 0) return '';
  return steps(start, end + towards, step).join(' ');
}
