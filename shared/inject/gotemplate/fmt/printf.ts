import { limits } from '../limits.ts';
import { typeName } from '../reflect.ts';
import { type GoValue, LimitFailure } from '../value.ts';
import { type Directive, formatValue, plainVerb } from './format.ts';

/** Go allows no more for width and precision. */
const maxWidth = 1_000_000;

const flagNames: Readonly<Record<string, 'plus' | 'minus' | 'sharp' | 'space' | 'zero'>> = {
  '+': 'plus',
  '-': 'minus',
  '#': 'sharp',
  ' ': 'space',
  '0': 'zero',
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Where a format is being read and which operand comes next. */
interface Cursor {
  readonly format: string;
  readonly operands: readonly GoValue[];
  at: number;
  next: number;
  /** An operand was chosen by `[n]`: unused ones are then no mistake. */
  reordered: boolean;
  badIndex: boolean;
}

/** Go's `fmt.Sprintf`: mistakes become text such as `%!d(string=x)`. */
export function sprintf(format: string, operands: readonly GoValue[]): string {
  const cursor: Cursor = { format, operands, at: 0, next: 0, reordered: false, badIndex: false };
  let text = '';
  for (;;) {
    const percent = format.indexOf('%', cursor.at);
    text += format.slice(cursor.at, percent === -1 ? undefined : percent);
    if (percent === -1) break;
    cursor.at = percent + 1;
    text += directiveText(cursor);
    if (text.length > limits.maxOutputBytes) throw new LimitFailure('text is longer than 4 MiB');
  }
  return text + extraText(cursor);
}

function extraText(cursor: Cursor): string {
  if (cursor.reordered || cursor.next >= cursor.operands.length) return '';
  const extra = cursor.operands.slice(cursor.next).map((operand) => {
    const nil = operand === undefined || operand === null;
    return nil ? '<nil>' : `${typeName(operand)}=${formatValue(operand, plainVerb)}`;
  });
  return `%!(EXTRA ${extra.join(', ')})`;
}

function directiveText(cursor: Cursor): string {
  const spec: Mutable<Directive> = { verb: '' };
  cursor.badIndex = false;
  readFlags(cursor, spec);
  readIndex(cursor);
  const widthProblem = readWidth(cursor, spec);
  const precisionProblem = readPrecision(cursor, spec);
  readIndex(cursor);
  const code = cursor.format.codePointAt(cursor.at);
  if (code === undefined) return `${widthProblem + precisionProblem}%!(NOVERB)`;
  const verb = String.fromCodePoint(code);
  cursor.at += verb.length;
  return widthProblem + precisionProblem + operandText(cursor, { ...spec, verb });
}

function operandText(cursor: Cursor, spec: Directive): string {
  if (spec.verb === '%') return '%';
  if (cursor.badIndex) return `%!${spec.verb}(BADINDEX)`;
  if (cursor.next >= cursor.operands.length) return `%!${spec.verb}(MISSING)`;
  cursor.next += 1;
  return formatValue(cursor.operands[cursor.next - 1], spec);
}

function readFlags(cursor: Cursor, spec: Mutable<Directive>): void {
  for (;;) {
    const char = cursor.format.charAt(cursor.at);
    const flag = Object.hasOwn(flagNames, char) ? flagNames[char] : undefined;
    if (!flag) return;
    spec[flag] = true;
    cursor.at += 1;
  }
}

const digits = /\d*/y;
const operandIndex = /\[(\d+)\]/y;

function readIndex(cursor: Cursor): void {
  if (cursor.format.charAt(cursor.at) !== '[') return;
  cursor.reordered = true;
  operandIndex.lastIndex = cursor.at;
  const match = operandIndex.exec(cursor.format);
  const index = Number(match?.[1] ?? 0);
  if (index < 1 || index > cursor.operands.length) cursor.badIndex = true;
  else cursor.next = index - 1;
  const close = cursor.format.indexOf(']', cursor.at);
  cursor.at = close === -1 ? cursor.at + 1 : close + 1;
}

function readNumber(cursor: Cursor): number | undefined {
  digits.lastIndex = cursor.at;
  const text = digits.exec(cursor.format)?.[0] ?? '';
  cursor.at += text.length;
  return text === '' ? undefined : Math.min(Number(text), maxWidth);
}

/** The operand of a `*`; undefined when it is no int in range. */
function readStar(cursor: Cursor): number | undefined {
  cursor.at += 1;
  const operand = cursor.operands[cursor.next];
  cursor.next += 1;
  const value = typeof operand === 'object' && operand !== null && operand.kind === 'int' ? Number(operand.value) : Number.NaN;
  return Math.abs(value) <= maxWidth ? value : undefined;
}

function readWidth(cursor: Cursor, spec: Mutable<Directive>): string {
  if (cursor.format.charAt(cursor.at) !== '*') {
    const width = readNumber(cursor);
    if (width !== undefined) spec.width = width;
    return '';
  }
  const width = readStar(cursor);
  if (width === undefined) return '%!(BADWIDTH)';
  spec.width = Math.abs(width);
  if (width < 0) spec.minus = true;
  return '';
}

function readPrecision(cursor: Cursor, spec: Mutable<Directive>): string {
  if (cursor.format.charAt(cursor.at) !== '.') return '';
  cursor.at += 1;
  readIndex(cursor);
  if (cursor.format.charAt(cursor.at) !== '*') {
    spec.precision = readNumber(cursor) ?? 0;
    return '';
  }
  const precision = readStar(cursor);
  if (precision === undefined || precision < 0) return precision === undefined ? '%!(BADPREC)' : '';
  spec.precision = precision;
  return '';
}

/** Go's `fmt.Sprint`: a blank between operands when neither is a string. */
export function sprint(operands: readonly GoValue[]): string {
  let text = '';
  for (const [index, operand] of operands.entries()) {
    if (index > 0 && typeof operand !== 'string' && typeof operands[index - 1] !== 'string') text += ' ';
    text += formatValue(operand, plainVerb);
  }
  return text;
}

/** Go's `fmt.Sprintln`. */
export function sprintln(operands: readonly GoValue[]): string {
  return `${operands.map((operand) => formatValue(operand, plainVerb)).join(' ')}\n`;
}
