/** How one text is written in Kubernetes' YAML: plain, quoted, or as a literal block. */

import { resolvePlain } from './yaml-scalar.ts';

interface TextPlace {
  /** Of lines that continue the text. */
  readonly indent: number;
  /** Where the text begins. */
  readonly column: number;
  /** Keys stay on their line. */
  readonly isKey: boolean;
}

/** Lines longer than this are broken at the next single blank. */
const lineWidth = 80;

const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const lineBreak = /[\n\r\u0085\u2028\u2029]/;
const startIndicator = /^(?:[#,[\]{}&*!|>'"%@`]|---|\.\.\.|[-?:](?:\s|$))/;
const innerIndicator = /:(?:\s|$)|\s#/;
const edgeBlank = /^[ \n\r\u0085\u2028\u2029]|[ \n\r\u0085\u2028\u2029]$/;
const blankBeforeBreak = / [\n\r\u0085\u2028\u2029]/;
const breakBeforeBlank = /[\n\r\u0085\u2028\u2029] /;
/** All but what YAML prints as it is; emoji and other characters beyond the BMP are written as escapes too. */
const special = /[^\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** Writes a text where the place says. */
export function yamlText(text: string, place: TextPlace): string {
  if (text.includes('\n') && !place.isKey && allowsLiteral(text)) return literalText(text, place.indent);
  const resolvesToText = resolvePlain(text).tag === 'str' && !sexagesimal.test(text);
  if (!resolvesToText || text.includes('\n') || !allowsQuotes(text)) return doubleQuoted(text, place);
  if (allowsPlain(text)) return folded(text, place);
  return `'${folded(text.replaceAll("'", "''"), { ...place, column: place.column + 1 })}'`;
}

function allowsPlain(text: string): boolean {
  return !(startIndicator.test(text) || innerIndicator.test(text) || edgeBlank.test(text) || lineBreak.test(text));
}

function allowsQuotes(text: string): boolean {
  return !(special.test(text) || blankBeforeBreak.test(text) || breakBeforeBlank.test(text));
}

function allowsLiteral(text: string): boolean {
  return !(special.test(text) || blankBeforeBreak.test(text) || text.endsWith(' '));
}

const startsBlank = /^[ \n\r\u0085\u2028\u2029]/;

function literalText(text: string, indent: number): string {
  const isBroken = text.endsWith('\n');
  const chomping = isBroken ? (text === '\n' || text.endsWith('\n\n') ? '+' : '') : '-';
  const lines = (isBroken ? text.slice(0, -1) : text).split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return `|${startsBlank.test(text) ? '2' : ''}${chomping}\n${lines.join('\n')}`;
}

/** Breaks a long text at blanks that stand alone; a reader joins the lines again. */
function folded(text: string, place: TextPlace): string {
  if (place.isKey || place.column + text.length <= lineWidth) return text;
  return fold([...text], place, '');
}

/** A double-quoted text also breaks in front of several blanks, of which a backslash protects the next one. */
function fold(units: readonly string[], place: TextPlace, protection: string): string {
  let column = place.column;
  let result = '';
  for (const [index, unit] of units.entries()) {
    const isInside = index > 0 && index < units.length - 1;
    const isAlone = units[index - 1] !== ' ' && (units[index + 1] !== ' ' || protection !== '');
    if (unit === ' ' && column > lineWidth && isInside && isAlone) {
      result += `\n${' '.repeat(place.indent)}${units[index + 1] === ' ' ? protection : ''}`;
      column = place.indent;
    } else {
      result += unit;
      column += [...unit].length;
    }
  }
  return result;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\0', '\\0'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\x1b', '\\e'],
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\u0085', '\\N'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

function doubleQuoted(text: string, place: TextPlace): string {
  const units = [...text].map(escaped);
  const inside = place.isKey ? units.join('') : fold(units, { ...place, column: place.column + 1 }, '\\');
  return `"${inside}"`;
}

function escaped(character: string): string {
  const known = escapes.get(character);
  if (known !== undefined) return known;
  if (!special.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
