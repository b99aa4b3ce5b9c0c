import { quoteText } from '../fmt/quote.ts';
import { fn, type GoFunction, variadic } from '../function.ts';
import { limits } from '../limits.ts';
import { GoFailure, LimitFailure } from '../value.ts';
import { camelCase, joinedWords, swapCase, titleCase, toLower, toUpper, uncapitalize } from './case.ts';
import { sliceBytes, texts, toText, toTexts } from './convert.ts';
import { slow } from './slow.ts';
import { trimAll, trimSpace } from './trim.ts';
import { wrap } from './wrap.ts';

const whiteSpace = /\s/g;
const wordStart = /(?:^|\s)(\S)/gu;

/** sprig's functions on text. */
export const textFunctions: readonly (readonly [string, GoFunction])[] = [
  ['abbrev', fn(['int', 'string'], (width, text) => (width < 4 ? text : abbreviate(text, 0, width)))],
  [
    'abbrevboth',
    fn(['int', 'int', 'string'], (left, right, text) => (right < 4 || (left > 0 && right < 7) ? text : abbreviate(text, left, right))),
  ],
  ['trunc', fn(['int', 'string'], truncate)],
  ['trim', fn(['string'], (text) => trimSpace(text))],
  ['upper', fn(['string'], toUpper)],
  ['lower', fn(['string'], toLower)],
  ['title', slow(titleCase)],
  ['untitle', slow(uncapitalize)],
  ['swapcase', slow(swapCase)],
  ['snakecase', slow((text) => joinedWords(text, '_'))],
  ['kebabcase', slow((text) => joinedWords(text, '-'))],
  ['camelcase', slow(camelCase)],
  ['initials', fn(['string'], (text) => Array.from(text.matchAll(wordStart), (match) => match[1] ?? '').join(''))],
  ['nospace', fn(['string'], (text) => text.replace(whiteSpace, ''))],
  ['substr', fn(['int', 'int', 'string'], substring)],
  ['repeat', fn(['int', 'string'], repeat)],
  ['trimAll', fn(['string', 'string'], trimAll)],
  ['trimall', fn(['string', 'string'], trimAll)],
  [
    'trimSuffix',
    fn(['string', 'string'], (suffix, text) => (suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
  ],
  ['trimPrefix', fn(['string', 'string'], (prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text))],
  ['replace', fn(['string', 'string', 'string'], replace)],
  ['contains', fn(['string', 'string'], (part, text) => text.includes(part))],
  ['hasPrefix', fn(['string', 'string'], (prefix, text) => text.startsWith(prefix))],
  ['hasSuffix', fn(['string', 'string'], (suffix, text) => text.endsWith(suffix))],
  [
    'quote',
    variadic([], 'any', (values) =>
      present(values)
        .map((value) => quoteText(toText(value)))
        .join(' '),
    ),
  ],
  [
    'squote',
    variadic([], 'any', (values) =>
      present(values)
        .map((value) => `'${toText(value)}'`)
        .join(' '),
    ),
  ],
  ['cat', variadic([], 'any', (values) => present(values).map(toText).join(' '))],
  ['indent', fn(['int', 'string'], indent)],
  ['nindent', fn(['int', 'string'], (count, text) => `\n${indent(count, text)}`)],
  ['wrap', fn(['int', 'string'], (width, text) => wrap(text, { width, separator: '\n', splitsWords: false }))],
  [
    'wrapWith',
    fn(['int', 'string', 'string'], (width, separator, text) => wrap(text, { width, separator: separator || '\n', splitsWords: true })),
  ],
  ['plural', fn(['string', 'string', 'int'], (one, many, count) => (count === 1 ? one : many))],
  ['toString', fn(['any'], toText)],
  ['toStrings', fn(['any'], (value) => texts(toTexts(value)))],
  ['join', fn(['string', 'any'], (separator, value) => joinBounded(toTexts(value), separator))],
  ['sortAlpha', fn(['any'], (value) => texts([...(value === null ? ['<nil>'] : toTexts(value))].sort()))],
  ['hello', fn([], () => 'Hello!')],
];

function present<T>(values: readonly (T | null | undefined)[]): readonly T[] {
  return values.filter((value): value is T => value !== null && value !== undefined);
}

function truncate(length: number, text: string): string {
  const size = Buffer.byteLength(text);
  if (length < 0) return size + length > 0 ? sliceBytes(text, size + length) : text;
  return size > length ? sliceBytes(text, 0, length) : text;
}

function abbreviate(text: string, offset: number, width: number): string {
  const size = Buffer.byteLength(text);
  if (size <= width) return text;
  const start = Math.min(offset, size, size - offset < width - 3 ? size - (width - 3) : size);
  if (start <= 4) return `${sliceBytes(text, 0, width - 3)}...`;
  if (start + width - 3 < size) return `...${abbreviate(sliceBytes(text, start), 0, width - 3)}`;
  return `...${sliceBytes(text, size - (width - 3))}`;
}

function substring(start: number, end: number, text: string): string {
  const size = Buffer.byteLength(text);
  if (start < 0) return sliceBytes(text, 0, checkedEnd(end, size));
  const last = end < 0 || end > size ? size : end;
  if (start > last) throw new GoFailure(`runtime error: slice bounds out of range [${start}:${last}]`);
  return sliceBytes(text, start, last);
}

function checkedEnd(end: number, size: number): number {
  if (end < 0) throw new GoFailure(`runtime error: slice bounds out of range [:${end}]`);
  if (end > size) throw new GoFailure(`runtime error: slice bounds out of range [:${end}] with length ${size}`);
  return end;
}

/** Fails before a text is made that the limits would refuse. */
export function repeat(count: number, text: string): string {
  if (count < 0) throw new GoFailure('strings: negative Repeat count');
  checkLength(count * text.length);
  return text.repeat(count);
}

function checkLength(length: number): void {
  if (length > limits.maxOutputBytes) throw new LimitFailure('text is longer than 4 MiB');
}

function replace(old: string, by: string, text: string): string {
  if (old === '') return by + Array.from(text, (char) => char + by).join('');
  const pieces = text.split(old);
  checkLength(text.length + pieces.length * by.length);
  return pieces.join(by);
}

/** Every line, also an empty one, gets the blanks. */
export function indent(count: number, text: string): string {
  const blanks = repeat(count, ' ');
  const lines = text.split('\n');
  checkLength(text.length + lines.length * count);
  return lines.map((line) => blanks + line).join('\n');
}

function joinBounded(items: readonly string[], separator: string): string {
  checkLength(items.reduce((sum, item) => sum + item.length + separator.length, 0));
  return items.join(separator);
}
