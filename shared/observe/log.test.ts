import { describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../lib/error.ts';
import { jsonLinesLogger, type Logger, type LogLevel, logLevels, silentLogger } from './log.ts';

const now = () => new Date('2026-11-20T12:00:00Z');

/** The records that a use of the logger writes. */
function written(use: (log: Logger) => void, level?: LogLevel): readonly Record<string, unknown>[] {
  const lines: string[] = [];
  use(jsonLinesLogger({ write: (line) => lines.push(line), now, ...(level === undefined ? {} : { level }) }));
  for (const line of lines) expect(line.endsWith('\n')).toBe(true);
  return lines.map((line) => JSON.parse(line));
}

describe('jsonLinesLogger', () => {
  it('writes time, level, message and fields as one line', () => {
    expect(written((log) => log.info('pod injected', { uid: 'u-1', text: 'two\nlines' }))).toEqual([
      { time: '2026-11-20T12:00:00.000Z', level: 'info', message: 'pod injected', uid: 'u-1', text: 'two\nlines' },
    ]);
  });

  it.each(logLevels)('writes nothing below %s', (level) => {
    const records = written((log) => {
      for (const name of logLevels) log[name]('x');
    }, level);

    expect(records.map((record) => record['level'])).toEqual(logLevels.slice(logLevels.indexOf(level)));
  });

  it('writes from info on unless told otherwise', () => {
    expect(written((log) => log.debug('x'))).toEqual([]);
  });

  it('writes an error with its stack and its cause', () => {
    const error = new ControlPlaneError('unavailable', 'store is away', { cause: new Error('ECONNREFUSED') });

    expect(written((log) => log.error('failed', { error }))).toMatchObject([
      { error: { name: 'ControlPlaneError', message: 'store is away', stack: expect.any(String), cause: { message: 'ECONNREFUSED' } } },
    ]);
  });

  it('keeps the line when the fields cannot be written', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;

    expect(written((log) => log.warn('odd', circular))).toEqual([
      { time: '2026-11-20T12:00:00.000Z', level: 'warn', message: 'odd', note: 'fields are not serialisable' },
    ]);
  });
});

describe('silentLogger', () => {
  it('takes every call', () => {
    for (const name of logLevels) expect(silentLogger[name]('x', { a: 1 })).toBeUndefined();
  });
});
