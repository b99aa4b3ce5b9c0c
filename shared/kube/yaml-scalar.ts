/**
 * What an unquoted YAML scalar means to Kubernetes: YAML 1.1 words and numbers, without sexagesimal numbers, with the octals of 1.2.
 *
 * @see https://yaml.org/type/
 */

/** A scalar with the type that it resolves to; `merge` is the `<<` key, `timestamp` stays text wherever it is read. */
export type PlainScalar =
  | { readonly tag: 'null'; readonly value: null }
  | { readonly tag: 'bool'; readonly value: boolean }
  | { readonly tag: 'int' | 'float'; readonly value: number }
  | { readonly tag: 'str' | 'timestamp' | 'merge'; readonly value: string };

const isNull: PlainScalar = { tag: 'null', value: null };
const yes: PlainScalar = { tag: 'bool', value: true };
const no: PlainScalar = { tag: 'bool', value: false };
const infinity: PlainScalar = { tag: 'float', value: Number.POSITIVE_INFINITY };
const minusInfinity: PlainScalar = { tag: 'float', value: Number.NEGATIVE_INFINITY };

function spellings(words: string, scalar: PlainScalar): readonly (readonly [string, PlainScalar])[] {
  return words.split(' ').map((word) => [word, scalar] as const);
}

const wordScalars: ReadonlyMap<string, PlainScalar> = new Map([
  ['', isNull],
  ...spellings('~ null Null NULL', isNull),
  ...spellings('y Y yes Yes YES true True TRUE on On ON', yes),
  ...spellings('n N no No NO false False FALSE off Off OFF', no),
  ...spellings('.nan .NaN .NAN', { tag: 'float', value: Number.NaN }),
  ...spellings('.inf .Inf .INF +.inf +.Inf +.INF', infinity),
  ...spellings('-.inf -.Inf -.INF', minusInfinity),
  ['<<', { tag: 'merge', value: '<<' }],
]);

const startsLikeNumber = /^[-+.0-9]/;
const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const oldOctal = /^0[0-7]+$/;
const smallestInt64 = -(2n ** 63n);
const largestInt64 = 2n ** 63n - 1n;
const largestUint64 = 2n ** 64n - 1n;

/** Resolves the text of a plain scalar that has no tag. */
export function resolvePlain(text: string): PlainScalar {
  const word = wordScalars.get(text);
  if (word) return word;
  if (!startsLikeNumber.test(text)) return { tag: 'str', value: text };
  // Underscores group digits, but not behind a leading point.
  const plain = text.startsWith('.') ? text : text.replaceAll('_', '');
  const whole = wholeNumber(plain);
  if (whole !== undefined) return { tag: 'int', value: whole };
  const number = float.test(plain) ? Number(plain) : Number.NaN;
  if (Number.isFinite(number)) return { tag: 'float', value: number };
  return { tag: isTimestamp(text) ? 'timestamp' : 'str', value: text };
}

/** Undefined for what is no integer of 64 bits. */
function wholeNumber(text: string): number | undefined {
  if (!integer.test(text)) return undefined;
  const isNegative = text.startsWith('-');
  const hasSign = isNegative || text.startsWith('+');
  const digits = hasSign ? text.slice(1) : text;
  const size = BigInt(oldOctal.test(digits) ? `0o${digits}` : digits);
  const value = isNegative ? -size : size;
  const fits = value >= smallestInt64 && value <= (hasSign ? largestInt64 : largestUint64);
  return fits ? Number(value) : undefined;
}

const date = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** Only matters to who prints: such a text needs quotes. */
function isTimestamp(text: string): boolean {
  const match = date.exec(text);
  if (!match) return false;
  const [, year, month, day] = match.map(Number);
  const read = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0));
  return read.getUTCMonth() + 1 === month && read.getUTCDate() === day;
}
