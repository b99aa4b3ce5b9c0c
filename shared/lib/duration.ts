/** Lengths of time as Go and protobuf write them. Nanoseconds are bigints: an int64 holds more of them than a number can count. */

const unitNanoseconds: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);
const durationForm = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const durationPart = /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g;
const zeroForm = /^[+-]?0$/;
/** Longer than any that means something; annotations bring texts of any length. */
const maxLength = 100;
const second = 1_000_000_000n;
const largest = 2n ** 63n;

/**
 * Nanoseconds of a text such as `1m30s`, `7.500s` or `-0.5h`; undefined if it is none, or beyond 292 years. Protobuf's own texts (`7.500s`) are
 * of that form too.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): bigint | undefined {
  if (text.length > maxLength) return undefined;
  if (zeroForm.test(text)) return 0n;
  const match = durationForm.exec(text);
  if (!match) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of (match[2] ?? '').matchAll(durationPart)) {
    const size = unitNanoseconds.get(unit) ?? 0n;
    total += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
  }
  const isNegative = match[1] === '-';
  if (total > largest || (total === largest && !isNegative)) return undefined;
  return isNegative ? -total : total;
}

/** Go's text: `1h0m0s`, `1m30s`, `1.5s`, `500ms`, `0s`. */
export function goDurationText(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  if (nanoseconds < 0n) return `-${goDurationText(-nanoseconds)}`;
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 3)}µs`;
  if (nanoseconds < second) return `${decimal(nanoseconds, 6)}ms`;
  const minutes = nanoseconds / (60n * second);
  const seconds = `${decimal(nanoseconds % (60n * second), 9)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** Protobuf's text: seconds with 0, 3, 6 or 9 decimals (`45s`, `7.500s`). */
export function protoDurationText(nanoseconds: bigint): string {
  if (nanoseconds < 0n) return `-${protoDurationText(-nanoseconds)}`;
  const fraction = String(nanoseconds % second).padStart(9, '0');
  const length = [0, 3, 6].find((digits) => trailingZeros(fraction) >= 9 - digits) ?? 9;
  return `${nanoseconds / second}${length === 0 ? '' : '.'}${fraction.slice(0, length)}s`;
}

function trailingZeros(digits: string): number {
  return digits.length - withoutTrailingZeros(digits).length;
}

const zerosAtEnd = /0+$/;

function withoutTrailingZeros(digits: string): string {
  return digits.replace(zerosAtEnd, '');
}

/** `value` / 10^`places`, without zeros at the end. */
function decimal(value: bigint, places: number): string {
  const digits = String(value).padStart(places + 1, '0');
  const fraction = withoutTrailingZeros(digits.slice(-places));
  return digits.slice(0, -places) + (fraction && `.${fraction}`);
}
