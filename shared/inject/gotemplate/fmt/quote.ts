// Go's quoted strings and characters. @see https://pkg.go.dev/strconv#Quote

const shortEscapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};
const needsEscape = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|["'\\]/gu;
const needsAsciiEscape = /[^ -~]|["'\\]/gu;

/** Go's `%q` of a string; `quote` is the character around it. */
export function quoteText(text: string, options: { readonly quote?: string; readonly ascii?: boolean } = {}): string {
  const quote = options.quote ?? '"';
  const pattern = options.ascii ? needsAsciiEscape : needsEscape;
  return quote + text.replace(pattern, (char) => escapeChar(char, quote)) + quote;
}

function escapeChar(char: string, quote: string): string {
  if (char === '"' || char === "'") return char === quote ? `\\${char}` : char;
  const short = Object.hasOwn(shortEscapes, char) ? shortEscapes[char] : undefined;
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0');
}

const escapes = /(?:\\x[\da-fA-F]{2}|\\[0-3][0-7]{2})+|\\u[\da-fA-F]{4}|\\U[\da-fA-F]{8}|\\.|\\$/gs;
const byteEscape = /\\(?:x(..)|(...))/g;
const plainEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** The text of a Go string or character literal with its quotes; undefined when an escape is no Go escape. */
export function unquoteText(literal: string): string | undefined {
  const quote = literal.charAt(0);
  const body = literal.slice(1, -1);
  if (quote === '`') return body.replaceAll('\r', '');
  let valid = true;
  const text = body.replace(escapes, (sequence) => {
    const value = unescapeOne(sequence, quote);
    if (value === undefined) valid = false;
    return value ?? '';
  });
  return valid ? text : undefined;
}

function unescapeOne(sequence: string, quote: string): string | undefined {
  const kind = sequence.charAt(1);
  if (kind === 'u' || kind === 'U') return codePoint(Number.parseInt(sequence.slice(2), 16));
  if (sequence.length > 2) return bytesText(sequence);
  if (kind === quote) return quote;
  return Object.hasOwn(plainEscapes, kind) ? plainEscapes[kind] : undefined;
}

function codePoint(code: number): string | undefined {
  const valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? String.fromCodePoint(code) : undefined;
}

/** Bytes written as `\xNN` or `\NNN`, read as UTF-8: what is no UTF-8 becomes U+FFFD. */
function bytesText(sequence: string): string {
  const bytes = [...sequence.matchAll(byteEscape)].map(([, hexDigits, octal]) =>
    hexDigits === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hexDigits, 16),
  );
  return Buffer.from(bytes).toString('utf8');
}
