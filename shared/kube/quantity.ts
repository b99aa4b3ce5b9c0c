/**
 * Kubernetes quantities in the text that the API server stores. The value is kept as decimal digits and an exponent, never as a float.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

import { fail, ok, type Result } from '../lib/result.ts';

const quantityForm = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;
const decimalExponent = /^[eE]([+-]?[0-9]+)$/;
const leadingZeros = /^0+/;
const trailingZeros = /0+$/;

const formatProblem = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const suffixProblem = "unable to parse quantity's suffix";

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Of 10, what `n` stands for; finer values are rounded up to it. */
const finestExponent = -9;
/** Digits that surely fit into an int64. */
const safeDigits = 18;
/** Longer texts are no amounts of anything, and the patterns above would take time for them that grows with the square. */
const longestText = 1000;
/** Exponents beyond it are no amounts of anything. */
const largestExponent = 2 ** 31 - 1;
const largestInt64 = 2n ** 63n - 1n;

type Suffix = { readonly kind: 'SI' | 'exponent'; readonly exponent: number } | { readonly kind: 'binary'; readonly power: number };

/** `digits` × 10^`exponent`; digits without leading zeros, empty for 0. */
interface Decimal {
  readonly sign: string;
  readonly digits: string;
  readonly exponent: number;
}

/** The canonical text of a quantity (`1000m` is `1`, `1024Mi` is `1Gi`); undefined if it is none. */
export function canonicalQuantity(text: string | number): string | undefined {
  const parsed = parseQuantity(String(text));
  return parsed.ok ? parsed.value : undefined;
}

/** Nearly all quantities are short and written in canonical form. */
const alreadyCanonical = /^[1-9]\d{0,2}(?:m|Ki|Mi|Gi)?$/;

/** Like {@link canonicalQuantity}, with Kubernetes' message for what is no quantity. */
export function parseQuantity(text: string): Result<string> {
  if (alreadyCanonical.test(text)) return ok(text);
  const match = text === '' || text.length > longestText ? null : quantityForm.exec(text);
  if (!match) return fail(formatProblem);
  const [, sign = '', integer = '', fraction = '', suffixText = ''] = match;
  const suffix = readSuffix(suffixText);
  if (!suffix) return fail(suffixProblem);
  const whole = integer.replace(leadingZeros, '') || '0';
  if (isKeptAsWritten(whole, fraction, suffix)) return ok(text);
  const digits = (whole + fraction).replace(leadingZeros, '');
  if (digits === '') return ok('0');
  const minus = sign === '-' ? '-' : '';
  if (suffix.kind === 'binary') return ok(binaryText({ sign: minus, digits, exponent: -fraction.length }, suffix.power));
  return ok(decimalText(roundedUp({ sign: minus, digits, exponent: suffix.exponent - fraction.length }), suffix.kind));
}

function readSuffix(text: string): Suffix | undefined {
  const decimal = decimalSuffixes.indexOf(text);
  if (decimal >= 0) return { kind: 'SI', exponent: decimal * 3 + finestExponent };
  const binary = binarySuffixes.indexOf(text);
  if (binary > 0) return { kind: 'binary', power: binary };
  const exponent = Number(decimalExponent.exec(text)?.[1] ?? Number.NaN);
  return Math.abs(exponent) <= largestExponent ? { kind: 'exponent', exponent } : undefined;
}

/**
 * Kubernetes keeps the text of what is nearly canonical, also a plus sign or a point at the end (`+1`, `5.`, `1.500`): same here, because such
 * texts are compared.
 */
function isKeptAsWritten(whole: string, fraction: string, suffix: Suffix): boolean {
  const digits = whole + fraction;
  if (suffix.kind === 'binary') {
    const room = 14 - whole.length - suffix.power * 3;
    return fraction === '' && room >= 0 && Number(whole) % 8 !== 0;
  }
  const exponent = suffix.exponent - fraction.length;
  if (digits.length > safeDigits || exponent < finestExponent) return false;
  return exponent % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

/** To whole nanos, away from zero: a small wish stays a wish. */
function roundedUp(value: Decimal): Decimal {
  const surplus = finestExponent - value.exponent;
  if (surplus <= 0) return value;
  const kept = value.digits.slice(0, -surplus);
  const isExact = kept !== '' && trimmedZeros(value.digits.slice(-surplus)) === '';
  const digits = isExact ? kept : String(BigInt(kept || '0') + 1n);
  return { sign: value.sign, digits, exponent: finestExponent };
}

function trimmedZeros(digits: string): string {
  return digits.replace(trailingZeros, '');
}

/** The largest exponent that is a multiple of 3 and leaves no fraction. */
function decimalText(value: Decimal, kind: 'SI' | 'exponent'): string {
  const trimmed = trimmedZeros(value.digits);
  const exact = value.exponent + value.digits.length - trimmed.length;
  const exponent = Math.floor(exact / 3) * 3;
  const digits = value.sign + trimmed + '0'.repeat(exact - exponent);
  const suffix = kind === 'SI' ? decimalSuffixes[(exponent - finestExponent) / 3] : undefined;
  return digits + (suffix ?? (exponent === 0 ? '' : `e${exponent}`));
}

/** Powers of 1024 for whole numbers from 1024 up; everything else prints as a decimal. */
function binaryText(value: Decimal, power: number): string {
  const exact = BigInt(value.digits) * 1024n ** BigInt(power);
  const { digits, exponent } = roundedUp({ sign: '', digits: String(exact), exponent: value.exponent });
  const trimmed = trimmedZeros(digits);
  const zeros = exponent + digits.length - trimmed.length;
  const whole = zeros >= 0 ? BigInt(trimmed) * 10n ** BigInt(zeros) : undefined;
  const limited = atMostInt64(whole, digits, exponent);
  if (limited === undefined || limited < 1024n) return decimalText({ sign: value.sign, digits, exponent }, 'SI');
  return value.sign + powerOf1024Text(limited);
}

/** Undefined for a fraction that is below the limit. */
function atMostInt64(whole: bigint | undefined, digits: string, exponent: number): bigint | undefined {
  if (whole !== undefined) return whole > largestInt64 ? largestInt64 : whole;
  return BigInt(digits.slice(0, exponent) || '0') >= largestInt64 ? largestInt64 : undefined;
}

function powerOf1024Text(value: bigint): string {
  let rest = value;
  let power = 0;
  while (rest % 1024n === 0n && power < binarySuffixes.length - 1) {
    rest /= 1024n;
    power += 1;
  }
  return `${rest}${binarySuffixes[power] ?? ''}`;
}
