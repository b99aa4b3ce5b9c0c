import { compareText } from '../lib/compare-text.ts';

/** A JSON value as Go prints it inside of messages: `map[name:a ports:[80 90]]`. */
export function goPrint(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return goFloat(value);
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const members = Object.entries(value).sort(([left], [right]) => compareText(left, right));
  return `map[${members.map(([key, member]) => `${key}:${goPrint(member)}`).join(' ')}]`;
}

/** A finite float64 in Go's `%v`: the shortest digits, with an exponent below 10^-4 and from 10^6 up (`1.234567e+06`). */
export function goFloat(value: number): string {
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
