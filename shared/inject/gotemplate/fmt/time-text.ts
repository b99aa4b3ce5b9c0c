import type { GoTime } from '../value.ts';

// Times by Go's reference layout, Mon Jan 2 15:04:05 MST 2006. @see https://pkg.go.dev/time#Layout

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Go's zero time, 1 January of the year 1. */
export const zeroEpochMs = -62_135_596_800_000;

/** The elements of a layout; longer ones stand before their prefixes. */
export const layoutElement =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|__2|_2(?!006)|002|01|02|03|04|05|06|15|PM|pm|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5/g;

/** `%v` of a time, `2006-01-02 15:04:05.999999999 -0700 MST`. */
export function timeText(time: GoTime): string {
  return formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST');
}

/** Go's `Time.Format`. */
export function formatTime(time: GoTime, layout: string): string {
  const { offsetMinutes, name } = zoneAt(time);
  const local = new Date(time.epochMs + offsetMinutes * 60_000);
  return layout.replace(layoutElement, (element) => {
    const zone = zoneText(element, offsetMinutes, name);
    return zone ?? dateElement(element, local) ?? clockElement(element, local);
  });
}

function dateElement(element: string, local: Date): string | undefined {
  const month = local.getUTCMonth();
  const day = local.getUTCDate();
  switch (element) {
    case '2006':
      return two(local.getUTCFullYear(), 4);
    case '06':
      return two(local.getUTCFullYear() % 100);
    case 'January':
      return monthNames[month];
    case 'Jan':
      return monthNames[month]?.slice(0, 3);
    case '01':
      return two(month + 1);
    case '1':
      return String(month + 1);
    case 'Monday':
      return dayNames[local.getUTCDay()];
    case 'Mon':
      return dayNames[local.getUTCDay()]?.slice(0, 3);
    case '02':
      return two(day);
    case '_2':
      return String(day).padStart(2, ' ');
    case '2':
      return String(day);
    case '002':
      return two(yearDay(local), 3);
    case '__2':
      return String(yearDay(local)).padStart(3, ' ');
    default:
      return undefined;
  }
}

function clockElement(element: string, local: Date): string {
  const hour = local.getUTCHours();
  switch (element) {
    case '15':
      return two(hour);
    case '03':
      return two(hour % 12 || 12);
    case '3':
      return String(hour % 12 || 12);
    case '04':
      return two(local.getUTCMinutes());
    case '4':
      return String(local.getUTCMinutes());
    case '05':
      return two(local.getUTCSeconds());
    case '5':
      return String(local.getUTCSeconds());
    case 'PM':
      return hour < 12 ? 'AM' : 'PM';
    case 'pm':
      return hour < 12 ? 'am' : 'pm';
    default:
      return fraction(element, local.getUTCMilliseconds());
  }
}

const trailingZeros = /0+$/;

/** `.000` prints that many digits, `.999` as many as needed. */
function fraction(element: string, ms: number): string {
  const digits = two(ms, 3)
    .padEnd(element.length - 1, '0')
    .slice(0, element.length - 1);
  if (element.charAt(1) === '0') return element.charAt(0) + digits;
  const kept = digits.replace(trailingZeros, '');
  return kept === '' ? '' : element.charAt(0) + kept;
}

function yearDay(local: Date): number {
  return (
    Math.round(
      (Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()) - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000,
    ) + 1
  );
}

function two(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

function zoneText(element: string, offsetMinutes: number, name: string): string | undefined {
  if (element === 'MST') return name === '' ? offsetText(offsetMinutes, '-0700') : name;
  if (element.startsWith('Z')) return offsetMinutes === 0 ? 'Z' : offsetText(offsetMinutes, `-${element.slice(1)}`);
  return element.startsWith('-') ? offsetText(offsetMinutes, element) : undefined;
}

function offsetText(offsetMinutes: number, element: string): string {
  const size = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? '-' : '+';
  const colon = element.includes(':') ? ':' : '';
  const hours = two(Math.trunc(size / 60));
  if (element.length === 3) return sign + hours;
  const seconds = element.length > 6 || element === '-070000' ? `${colon}00` : '';
  return sign + hours + colon + two(size % 60) + seconds;
}

const fixedZone = /^([+-])(\d\d):(\d\d)$/;
const offsetName = /GMT(?:([+-])(\d\d):(\d\d))?/;

/** Offset from UTC and abbreviation of a time's zone at that time; a fixed offset has no abbreviation. */
export function zoneAt(time: GoTime): { readonly offsetMinutes: number; readonly name: string } {
  if (time.zone === 'UTC') return { offsetMinutes: 0, name: 'UTC' };
  const fixed = fixedZone.exec(time.zone);
  if (fixed) return { offsetMinutes: minutesOf(fixed), name: '' };
  const offset = offsetName.exec(zonePart(time, 'longOffset'));
  return { offsetMinutes: offset ? minutesOf(offset) : 0, name: zonePart(time, 'short') };
}

function minutesOf([, sign, hours, minutes]: RegExpExecArray): number {
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -size : size;
}

function zonePart(time: GoTime, timeZoneName: 'longOffset' | 'short'): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: time.zone, timeZoneName }).formatToParts(time.epochMs);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** Whether a name is a time zone that this runtime knows. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
