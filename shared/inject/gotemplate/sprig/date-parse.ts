import { quoteText } from '../fmt/quote.ts';
import { dayNames, layoutElement, monthNames } from '../fmt/time-text.ts';
import type { GoTime } from '../value.ts';

interface Parts {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  afternoon: boolean | undefined;
  zone: string;
}

const shortMonths = monthNames.map((name) => name.slice(0, 3));
const shortDays = dayNames.map((name) => name.slice(0, 3));

const patterns: Readonly<Record<string, RegExp>> = {
  '2006': /\d{4}/y,
  '06': /\d\d/y,
  January: new RegExp(monthNames.join('|'), 'iy'),
  Jan: new RegExp(shortMonths.join('|'), 'iy'),
  '01': /\d\d/y,
  '1': /\d\d?/y,
  Monday: new RegExp(dayNames.join('|'), 'iy'),
  Mon: new RegExp(shortDays.join('|'), 'iy'),
  '02': /\d\d/y,
  _2: / ?\d\d?/y,
  '2': /\d\d?/y,
  '002': /\d{3}/y,
  __2: / {0,2}\d{1,3}/y,
  '15': /\d\d/y,
  '03': /\d\d/y,
  '3': /\d\d?/y,
  '04': /\d\d/y,
  '4': /\d\d?/y,
  '05': /\d\d/y,
  '5': /\d\d?/y,
  PM: /AM|PM/y,
  pm: /am|pm/y,
  MST: /[A-Z]{3,5}|[+-]\d\d/y,
};
const fractionPattern = /[.,]\d+/y;
const offsetPatterns: Readonly<Record<string, RegExp>> = {
  '07': /[+-]\d\d/y,
  '0700': /[+-]\d{4}/y,
  '07:00': /[+-]\d\d:\d\d/y,
  '070000': /[+-]\d{6}/y,
  '07:00:00': /[+-]\d\d:\d\d:\d\d/y,
};

/** Go's `time.Parse` for UTC; a text that does not fit gives Go's message. Zone abbreviations other than UTC count as offset 0, as in Go. */
export function parseTime(layout: string, text: string): GoTime | string {
  const parts: Parts = { year: 0, month: 1, day: 1, yearDay: 0, hour: 0, minute: 0, second: 0, ms: 0, afternoon: undefined, zone: 'UTC' };
  const problem = (element: string, at: number): string =>
    `parsing time ${quoteText(text)} as ${quoteText(layout)}: cannot parse ${quoteText(text.slice(at))} as ${quoteText(element)}`;
  let at = 0;
  let done = 0;
  for (const match of layout.matchAll(layoutElement)) {
    const literal = layout.slice(done, match.index);
    if (!text.startsWith(literal, at)) return problem(literal, at);
    at += literal.length;
    done = match.index + match[0].length;
    const found = readElement(match[0], text, at);
    if (found === undefined) return problem(match[0], at);
    at += found.length;
    store(parts, match[0], found);
    if (parts.second >= 0 && seconds.has(match[0])) at += storeFraction(parts, text, at, layout.slice(done));
  }
  const rest = layout.slice(done);
  if (!text.startsWith(rest, at)) return problem(rest, at);
  if (at + rest.length < text.length) return `parsing time ${quoteText(text)}: extra text: ${quoteText(text.slice(at + rest.length))}`;
  const outside = rangeProblem(parts);
  return outside ? `parsing time ${quoteText(text)}: ${outside} out of range` : timeOf(parts);
}

const seconds = new Set(['05', '5']);
const nextIsFraction = /^[.,][09]/;

/** A fraction may follow the seconds even when the layout has none. */
function storeFraction(parts: Parts, text: string, at: number, layoutRest: string): number {
  if (nextIsFraction.test(layoutRest)) return 0;
  const found = matchAt(fractionPattern, text, at);
  if (found !== undefined) store(parts, '.9', found);
  return found?.length ?? 0;
}

function readElement(element: string, text: string, at: number): string | undefined {
  if (element.startsWith('Z') && text.charAt(at) === 'Z') return 'Z';
  if (element.startsWith('Z') || element.startsWith('-')) return matchPattern(offsetPatterns, element.slice(1), text, at);
  if (element.startsWith('.') || element.startsWith(','))
    return matchAt(fractionPattern, text, at) ?? (element.charAt(1) === '9' ? '' : undefined);
  return matchPattern(patterns, element, text, at);
}

function matchPattern(table: Readonly<Record<string, RegExp>>, name: string, text: string, at: number): string | undefined {
  const pattern = Object.hasOwn(table, name) ? table[name] : undefined;
  return pattern && matchAt(pattern, text, at);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const numberFields: Readonly<Record<string, 'year' | 'month' | 'day' | 'yearDay' | 'hour' | 'minute' | 'second'>> = {
  '2006': 'year',
  '01': 'month',
  '1': 'month',
  '02': 'day',
  _2: 'day',
  '2': 'day',
  '002': 'yearDay',
  __2: 'yearDay',
  '15': 'hour',
  '03': 'hour',
  '3': 'hour',
  '04': 'minute',
  '4': 'minute',
  '05': 'second',
  '5': 'second',
};

function store(parts: Parts, element: string, found: string): void {
  const field = Object.hasOwn(numberFields, element) ? numberFields[element] : undefined;
  if (field) parts[field] = Number(found);
  else if (element === '06') parts.year = Number(found) + (Number(found) >= 69 ? 1900 : 2000);
  else if (element.startsWith('Jan'))
    parts.month = 1 + shortMonths.findIndex((name) => name.toLowerCase() === found.slice(0, 3).toLowerCase());
  else if (element === 'PM' || element === 'pm') parts.afternoon = found.toUpperCase() === 'PM';
  else if (element.startsWith('.') || element.startsWith(',')) parts.ms = Math.trunc(Number(`0.${found.slice(1) || '0'}`) * 1000 + 1e-9);
  else if (element.startsWith('Z') || element.startsWith('-')) parts.zone = found === 'Z' ? 'UTC' : offsetZone(found);
}

function offsetZone(found: string): string {
  const digits = found.replaceAll(':', '');
  return `${digits.slice(0, 3)}:${digits.slice(3, 5).padEnd(2, '0')}`;
}

function rangeProblem(parts: Parts): string | undefined {
  if (parts.month < 1 || parts.month > 12) return 'month';
  if (parts.day < 1 || parts.day > daysIn(parts.year, parts.month)) return 'day';
  if (parts.hour > 23) return 'hour';
  if (parts.minute > 59) return 'minute';
  return parts.second > 59 ? 'second' : undefined;
}

function daysIn(year: number, month: number): number {
  return new Date(utcMs(year, month + 1, 0)).getUTCDate();
}

function timeOf(parts: Parts): GoTime {
  const { afternoon, zone } = parts;
  const hour = afternoon === undefined ? parts.hour : (parts.hour % 12) + (afternoon ? 12 : 0);
  const [month, day] = parts.yearDay > 0 ? [1, parts.yearDay] : [parts.month, parts.day];
  const clockMs = ((hour * 60 + parts.minute) * 60 + parts.second) * 1000 + parts.ms;
  return { kind: 'time', epochMs: utcMs(parts.year, month, day) + clockMs - offsetMs(zone), zone };
}

function offsetMs(zone: string): number {
  if (zone === 'UTC') return 0;
  const size = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * 60_000;
  return zone.startsWith('-') ? -size : size;
}

/** `Date.UTC` without its special meaning of the years 0 to 99. */
function utcMs(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}
