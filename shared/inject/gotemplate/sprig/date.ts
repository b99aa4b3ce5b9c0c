import { goDurationText, parseDuration } from '../../../lib/duration.ts';
import { quoteText } from '../fmt/quote.ts';
import { formatTime, isZone, zeroEpochMs } from '../fmt/time-text.ts';
import { fn, type GoFunction } from '../function.ts';
import type { Meter } from '../limits.ts';
import { GoFailure, type GoTime, type GoValue } from '../value.ts';
import { parseTime } from './date-parse.ts';

/** Work of looking up a time zone. */
const zoneCost = 10_000;

const nanosPerMs = 1_000_000n;
const nanosPerSecond = 1_000_000_000n;

/** sprig's functions on dates. The local time zone is UTC. `nowMs` gives the time in milliseconds since 1970. */
export function dateFunctions(nowMs: () => number): readonly (readonly [string, GoFunction])[] {
  const now = (): GoTime => utc(nowMs());
  const inZone = (layout: string, value: GoValue, zone: string, meter: Meter): string => {
    if (zone !== 'UTC') meter.spend(zoneCost);
    return formatTime({ ...timeOf(value, now), zone: knownZone(zone) }, layout);
  };
  return [
    ['now', fn([], now)],
    ['ago', fn(['any'], (value) => goDurationText(roundedSeconds(nowMs() - timeOf(value, now).epochMs)))],
    ['date', fn(['string', 'any'], (layout, value, meter) => inZone(layout, value, 'UTC', meter))],
    ['dateInZone', fn(['string', 'any', 'string'], inZone)],
    ['date_in_zone', fn(['string', 'any', 'string'], inZone)],
    ['htmlDate', fn(['any'], (value, meter) => inZone('2006-01-02', value, 'UTC', meter))],
    ['htmlDateInZone', fn(['any', 'string'], (value, zone, meter) => inZone('2006-01-02', value, zone, meter))],
    ['dateModify', fn(['string', 'time'], (change, time) => modified(change, time) ?? time)],
    ['date_modify', fn(['string', 'time'], (change, time) => modified(change, time) ?? time)],
    ['mustDateModify', fn(['string', 'time'], mustModify)],
    ['must_date_modify', fn(['string', 'time'], mustModify)],
    ['toDate', fn(['string', 'string'], (layout, text) => toDate(layout, text))],
    ['mustToDate', fn(['string', 'string'], mustToDate)],
    ['unixEpoch', fn(['time'], (time) => String(Math.floor(time.epochMs / 1000)))],
    ['duration', fn(['any'], (value) => goDurationText(secondsOf(value) * nanosPerSecond))],
    ['durationRound', fn(['any'], (value) => roundedDuration(lengthOf(value, nowMs)))],
  ];
}

function utc(epochMs: number): GoTime {
  return { kind: 'time', epochMs, zone: 'UTC' };
}

function knownZone(zone: string): string {
  return zone !== '' && zone !== 'Local' && isZone(zone) ? zone : 'UTC';
}

const farthestMs = 8_640_000_000_000_000;

/** A time, or a whole number of seconds since 1970; anything else means now. */
function timeOf(value: GoValue, now: () => GoTime): GoTime {
  if (typeof value !== 'object' || value === null) return now();
  if (value.kind === 'time') return value;
  if (value.kind !== 'int') return now();
  const epochMs = Number(value.value) * 1000;
  return utc(Math.abs(epochMs) <= farthestMs ? epochMs : zeroEpochMs);
}

function roundedSeconds(ms: number): bigint {
  return BigInt(Math.round(ms / 1000)) * nanosPerSecond;
}

/** Longer texts are taken for none: reading them is slow. */
const maxDurationLength = 100;

function durationOf(text: string): bigint | undefined {
  return text.length > maxDurationLength ? undefined : parseDuration(text);
}

function modified(change: string, time: GoTime): GoTime | undefined {
  const nanoseconds = durationOf(change);
  if (nanoseconds === undefined) return undefined;
  const epochMs = time.epochMs + Number(nanoseconds / nanosPerMs);
  return Math.abs(epochMs) <= farthestMs ? { ...time, epochMs } : undefined;
}

function mustModify(change: string, time: GoTime): GoTime {
  const result = modified(change, time);
  if (!result) throw new GoFailure(`time: invalid duration ${quoteText(change)}`);
  return result;
}

function mustToDate(layout: string, text: string): GoTime {
  const parsed = parseTime(layout, text);
  if (typeof parsed === 'string') throw new GoFailure(parsed);
  return parsed;
}

function toDate(layout: string, text: string): GoTime {
  const parsed = parseTime(layout, text);
  return typeof parsed === 'string' ? utc(zeroEpochMs) : parsed;
}

const wholeSeconds = /^[+-]?\d{1,18}$/;

/** Seconds from a text or an int64; sprig takes nothing else. */
function secondsOf(value: GoValue): bigint {
  if (typeof value === 'string') return wholeSeconds.test(value) ? BigInt(Number(value)) : 0n;
  return typeof value === 'object' && value?.kind === 'int' && value.type === 'int64' ? value.value : 0n;
}

function lengthOf(value: GoValue, nowMs: () => number): bigint {
  if (typeof value === 'string') return durationOf(value) ?? 0n;
  if (typeof value !== 'object' || value === null) return 0n;
  if (value.kind === 'time') return BigInt(Math.round(nowMs() - value.epochMs)) * nanosPerMs;
  return value.kind === 'int' && value.type === 'int64' ? value.value : 0n;
}

const units = [
  ['y', 31_536_000n],
  ['mo', 2_592_000n],
  ['d', 86_400n],
  ['h', 3600n],
  ['m', 60n],
  ['s', 1n],
] as const;

/** Only the largest unit that the length exceeds, cut: `3mo`. */
function roundedDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const length = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  for (const [name, seconds] of units) {
    const size = seconds * nanosPerSecond;
    if (length > size) return `${sign}${length / size}${name}`;
  }
  return `${sign}0s`;
}
