// Numbers as Go prints them. @see https://pkg.go.dev/strconv#FormatFloat

/** Digits `0.d1d2d3… × 10^point`, without trailing zeros. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

const trailingZeros = /0+$/;

/**
 * A float64 as `%e`, `%f` or `%g` print it, with a sign only when negative. `precision` -1 means as few digits as identify the number; with `g`
 * it counts significant digits, else decimals.
 */
export function formatFloat(value: number, verb: 'e' | 'f' | 'g', precision = -1): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + formatMagnitude(Math.abs(value), verb, precision);
}

function formatMagnitude(value: number, verb: 'e' | 'f' | 'g', precision: number): string {
  const shortest = precision < 0;
  const exact = decimalOf(value, shortest);
  if (verb === 'e') {
    const decimal = shortest ? exact : rounded(exact, precision + 1);
    return exponential(decimal, shortest ? Math.max(decimal.digits.length - 1, 0) : precision);
  }
  if (verb === 'f') {
    const decimal = shortest ? exact : rounded(exact, exact.point + precision);
    return fixed(decimal, shortest ? Math.max(decimal.digits.length - decimal.point, 0) : precision);
  }
  const decimal = shortest ? exact : rounded(exact, Math.max(precision, 1));
  return general(decimal, shortest, Math.max(precision, 1));
}

/** Exponent form below 1e-4 and from the precision up; 6 stands for the shortest form's precision, as in Go's printing of float64. */
function general(decimal: Decimal, shortest: boolean, precision: number): string {
  const count = decimal.digits.length;
  const limit = precision > count && count >= decimal.point ? count : precision;
  const exponent = decimal.point - 1;
  if (count > 0 && (exponent < -4 || exponent >= (shortest ? 6 : limit))) return exponential(decimal, Math.max(count - 1, 0));
  return fixed(decimal, Math.max(count - decimal.point, 0));
}

function decimalOf(value: number, shortest: boolean): Decimal {
  if (value === 0) return { digits: '', point: 1 };
  const [mantissa = '', exponent = '0'] = (shortest ? value.toExponential() : value.toExponential(100)).split('e');
  return { digits: mantissa.replace('.', '').replace(trailingZeros, ''), point: Number(exponent) + 1 };
}

/** Rounds to a count of digits, exact halves to even. */
function rounded({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: '', point };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const odd = Number(kept.at(-1) ?? '0') % 2 === 1;
  const up = rest > '5' || (rest === '5' && odd);
  if (!up) return { digits: kept.replace(trailingZeros, ''), point };
  const raised = String(BigInt(kept === '' ? '0' : kept) + 1n).padStart(count, '0');
  return { digits: raised.replace(trailingZeros, ''), point: point + (raised.length > count ? 1 : 0) };
}

function exponential({ digits, point }: Decimal, decimals: number): string {
  const padded = digits.padEnd(decimals + 1, '0');
  const exponent = digits === '' ? 0 : point - 1;
  const fraction = decimals > 0 ? `.${padded.slice(1, decimals + 1)}` : '';
  return `${padded.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function fixed({ digits, point }: Decimal, decimals: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (decimals <= 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, decimals).padEnd(decimals, '0')}`;
}

/** Longer numbers are taken for none: they fit no type, and reading them is slow. */
const maxDigits = 1000;

const integerText = /^([+-]?)(0[xX]|0[bB]|0[oO]|0)?([\da-fA-F_]+)$/;
const bases: Readonly<Record<string, string>> = { '0x': '0x', '0b': '0b', '0o': '0o', '0': '0o' };
const misplacedUnderscore = /__|_$/;

/** A Go integer literal (`0x1F`, `0b11`, `017`, `1_000`) with optional sign; undefined when it is none. */
export function parseInteger(text: string): bigint | undefined {
  const match = text.length > maxDigits ? null : integerText.exec(text);
  if (!match) return undefined;
  const [, sign, prefix = '', digits = ''] = match;
  if (misplacedUnderscore.test(digits) || (prefix === '' && digits.startsWith('_'))) return undefined;
  const literal = (bases[prefix.toLowerCase()] ?? '') + digits.replaceAll('_', '');
  const value = bigintOf(literal);
  return value !== undefined && sign === '-' ? -value : value;
}

const bigintLiteral = /^(?:\d+|0x[\da-fA-F]+|0o[0-7]+|0b[01]+)$/;

function bigintOf(literal: string): bigint | undefined {
  return bigintLiteral.test(literal) ? BigInt(literal) : undefined;
}

const decimalFloat = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const hexFloat = /^([+-]?)0[xX]([\da-fA-F_]*)(?:\.([\da-fA-F_]*))?[pP]([+-]?\d+)$/;
const namedFloat = /^[+-]?(?:inf|infinity|nan)$/i;

/** A Go floating-point literal, decimal or hexadecimal; undefined when it is none. */
export function parseFloat64(text: string): number | undefined {
  if (decimalFloat.test(text)) return Number(text);
  const hex = text.length > maxDigits ? null : hexFloat.exec(text);
  if (hex) {
    const [, sign, whole = '', fraction = '', exponent = '0'] = hex;
    const digits = (whole + fraction).replaceAll('_', '');
    if (digits === '') return undefined;
    const scale = Number(exponent) - 4 * fraction.replaceAll('_', '').length;
    return (sign === '-' ? -1 : 1) * Number(BigInt(`0x${digits}`)) * 2 ** scale;
  }
  if (!namedFloat.test(text)) return undefined;
  if (text.toLowerCase().endsWith('nan')) return Number.NaN;
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/** Whether a whole number fits Go's int64. */
export function fitsInt64(value: bigint): boolean {
  return value >= smallest && value <= largest;
}
