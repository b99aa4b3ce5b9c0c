import { quoteText } from './fmt/quote.ts';

export type TokenType =
  | 'text'
  | 'open'
  | 'close'
  | 'string'
  | 'char'
  | 'number'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'bool'
  | 'dot'
  | 'nil'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'comma'
  | '('
  | ')'
  | 'symbol'
  | 'error'
  | 'eof';

export interface Token {
  readonly type: TokenType;
  /** As written; of an error its message. */
  readonly text: string;
  /** Index into the template text. */
  readonly at: number;
  readonly line: number;
  /** White space stands in front of it inside its action. */
  readonly spaced: boolean;
}

/** Reads one token after another; after an error or the end it repeats that token. */
export type Lexer = () => Token;

const keywords = new Set(['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with']);
const word = /[\p{L}\p{Nd}_]*/uy;
const space = /[ \t\r\n]+/y;
const trimOpen = /-[ \t\r\n]/y;
const trimClose = /[ \t\r\n]-\}\}/y;
const numberText =
  /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[bB][01_]*|0[oO][0-7_]*|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/y;
const quoted = /"(?:[^"\\\n]|\\[^\n])*"/y;
const charConstant = /'(?:[^'\\\n]|\\[^\n])*'/y;
const digit = /\d/;
const letter = /[\p{L}\p{Nd}_]/u;
const printable = /[!-~]/;

const single: Readonly<Record<string, TokenType>> = { '|': 'pipe', ',': 'comma', '=': 'assign', '(': '(', ')': ')' };
const terminators = new Set([' ', '\t', '\r', '\n', '.', ',', '|', ':', ')', '(']);

interface Cursor {
  readonly source: string;
  at: number;
  line: number;
  /** Where that line ends. */
  lineEnd: number;
  inAction: boolean;
  depth: number;
  /** White space after the last action is to be dropped. */
  trimNext: boolean;
}

/** Splits a template into tokens on demand, so that an earlier parse error is reported before a later lexical one. */
export function lex(source: string): Lexer {
  const cursor: Cursor = { source, at: 0, line: 1, lineEnd: lineEndFrom(source, 0), inAction: false, depth: 0, trimNext: false };
  let last: Token | undefined;
  return () => {
    if (last?.type === 'error' || last?.type === 'eof') return last;
    last = cursor.inAction ? actionToken(cursor) : outerToken(cursor);
    return last;
  };
}

function token(cursor: Cursor, type: TokenType, text: string, at: number, spaced = false): Token {
  while (cursor.lineEnd < at) {
    cursor.line += 1;
    cursor.lineEnd = lineEndFrom(cursor.source, cursor.lineEnd + 1);
  }
  return { type, text, at, line: cursor.line, spaced };
}

function lineEndFrom(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}

function outerToken(cursor: Cursor): Token {
  for (;;) {
    const { source, at: start } = cursor;
    const open = source.indexOf('{{', start);
    if (open === start) {
      const opened = openAction(cursor);
      if (opened) return opened;
      continue;
    }
    const end = open === -1 ? source.length : open;
    cursor.at = end;
    const text = trimmedText(source.slice(start, end), cursor.trimNext, open !== -1 && matchAt(trimOpen, source, open + 2) > 0);
    cursor.trimNext = false;
    if (text !== '') return token(cursor, 'text', text, start);
    if (open === -1) return token(cursor, 'eof', '', source.length);
  }
}

function trimmedText(text: string, left: boolean, right: boolean): string {
  const start = left ? matchAt(space, text, 0) : 0;
  const kept = text.slice(start);
  if (!right) return kept;
  let end = kept.length;
  while (isSpace(kept.charCodeAt(end - 1))) end -= 1;
  return kept.slice(0, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 9 || code === 10 || code === 13;
}

/** Enters an action, or skips a comment and answers nothing. */
function openAction(cursor: Cursor): Token | undefined {
  const { source, at: start } = cursor;
  const inside = start + 2 + matchAt(trimOpen, source, start + 2);
  if (!source.startsWith('/*', inside)) {
    cursor.at = inside;
    cursor.inAction = true;
    cursor.depth = 0;
    return token(cursor, 'open', '{{', start);
  }
  const end = source.indexOf('*/', inside + 2);
  if (end === -1) return token(cursor, 'error', 'unclosed comment', start);
  const trim = matchAt(trimClose, source, end + 2);
  if (trim === 0 && !source.startsWith('}}', end + 2)) return token(cursor, 'error', 'comment ends before closing delimiter', start);
  cursor.at = end + 2 + (trim === 0 ? 2 : trim);
  cursor.trimNext = trim !== 0;
  return undefined;
}

function actionToken(cursor: Cursor): Token {
  const { source } = cursor;
  const run = matchAt(space, source, cursor.at);
  const trims = source.startsWith('-}}', cursor.at + run) && run > 0;
  cursor.at += run;
  if (trims || source.startsWith('}}', cursor.at)) return closeAction(cursor, trims);
  if (cursor.at >= source.length) return token(cursor, 'error', 'unclosed action', cursor.at);
  return operandToken(cursor, run > 0);
}

function closeAction(cursor: Cursor, trims: boolean): Token {
  const start = cursor.at;
  if (cursor.depth > 0) return token(cursor, 'error', 'unclosed left paren', start);
  cursor.at += trims ? 3 : 2;
  cursor.trimNext = trims;
  cursor.inAction = false;
  return token(cursor, 'close', '}}', start);
}

function operandToken(cursor: Cursor, spaced: boolean): Token {
  const { source, at: start } = cursor;
  const char = source.charAt(start);
  const take = (type: TokenType, length: number): Token => {
    cursor.at += length;
    return token(cursor, type, source.slice(start, start + length), start, spaced);
  };
  if (char === '"' || char === '`' || char === "'") return quotedToken(cursor, char, take);
  if (char === ':') return source.startsWith(':=', start) ? take('declare', 2) : token(cursor, 'error', 'expected :=', start);
  if (char === '(') cursor.depth += 1;
  if (char === ')') cursor.depth -= 1;
  if (cursor.depth < 0) return token(cursor, 'error', 'unexpected right paren', start);
  const simple = Object.hasOwn(single, char) ? single[char] : undefined;
  return simple ? take(simple, 1) : wordToken(cursor, take);
}

/** Numbers, names, and characters that only error messages show. */
function wordToken(cursor: Cursor, take: Take): Token {
  const { source, at: start } = cursor;
  const char = codePointAt(source, start);
  if (startsNumber(char, source.charAt(start + 1))) return numberToken(cursor, take);
  if (char === '.' || char === '$' || letter.test(char)) return nameToken(cursor, char, take);
  if (printable.test(char)) return take('symbol', 1);
  return token(cursor, 'error', `unrecognized character in action: ${unicodeName(char)}`, start);
}

function startsNumber(char: string, next: string): boolean {
  return digit.test(char) || char === '+' || char === '-' || (char === '.' && digit.test(next));
}

type Take = (type: TokenType, length: number) => Token;

function quotedToken(cursor: Cursor, quote: string, take: Take): Token {
  if (quote === '`') {
    const end = cursor.source.indexOf('`', cursor.at + 1);
    return end === -1 ? token(cursor, 'error', 'unterminated raw quoted string', cursor.at) : take('string', end + 1 - cursor.at);
  }
  const length = matchAt(quote === '"' ? quoted : charConstant, cursor.source, cursor.at);
  if (length > 0) return take(quote === '"' ? 'string' : 'char', length);
  return token(cursor, 'error', quote === '"' ? 'unterminated quoted string' : 'unterminated character constant', cursor.at);
}

function numberToken(cursor: Cursor, take: Take): Token {
  const length = matchAt(numberText, cursor.source, cursor.at);
  const end = cursor.at + length;
  const after = codePointAt(cursor.source, end);
  if (!letter.test(after) && after !== '+' && after !== '-') return take('number', length);
  return token(cursor, 'error', `bad number syntax: ${quoteText(cursor.source.slice(cursor.at, end) + after)}`, cursor.at);
}

function nameToken(cursor: Cursor, first: string, take: Take): Token {
  const sigil = first === '.' || first === '$' ? 1 : 0;
  const length = sigil + matchAt(word, cursor.source, cursor.at + sigil);
  const end = cursor.at + length;
  const dot = first === '.' && length === 1;
  if (!dot && end < cursor.source.length && !terminators.has(cursor.source.charAt(end)) && !cursor.source.startsWith('}}', end)) {
    return token(cursor, 'error', `bad character ${unicodeName(codePointAt(cursor.source, end))}`, cursor.at);
  }
  return take(nameType(cursor.source.slice(cursor.at, end), dot), length);
}

function nameType(text: string, dot: boolean): TokenType {
  if (dot) return 'dot';
  if (text.startsWith('.')) return 'field';
  if (text.startsWith('$')) return 'variable';
  if (keywords.has(text)) return 'keyword';
  if (text === 'nil') return 'nil';
  return text === 'true' || text === 'false' ? 'bool' : 'identifier';
}

/** Length of the match of a sticky expression at an index; 0 when it does not match there. */
function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function codePointAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** `U+0040 '@'`, as Go names a character. */
function unicodeName(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase().padStart(4, '0');
  return code < 0x20 || code === 0x7f ? `U+${hex}` : `U+${hex} '${char}'`;
}
