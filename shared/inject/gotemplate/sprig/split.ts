import { fn, type GoFunction } from '../function.ts';
import { dict, type GoMap } from '../value.ts';
import { texts } from './convert.ts';

/** sprig's splitting of text. */
export const splitFunctions: readonly (readonly [string, GoFunction])[] = [
  ['split', fn(['string', 'string'], (separator, text) => numbered(splitText(text, separator, -1)))],
  ['splitn', fn(['string', 'int', 'string'], (separator, limit, text) => numbered(splitText(text, separator, limit)))],
  ['splitList', fn(['string', 'string'], (separator, text) => texts(splitText(text, separator, -1)))],
];

function splitText(text: string, separator: string, limit: number): readonly string[] {
  if (limit === 0) return [];
  const pieces = separator === '' ? [...text] : text.split(separator);
  if (limit < 0 || pieces.length <= limit) return pieces;
  return [...pieces.slice(0, limit - 1), pieces.slice(limit - 1).join(separator)];
}

/** `_0`, `_1`, … as sprig names the pieces. */
function numbered(pieces: readonly string[]): GoMap {
  return dict(new Map(pieces.map((piece, index) => [`_${index}`, piece])), 'string');
}
