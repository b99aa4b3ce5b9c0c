import { pino } from 'pino';
import type { LogFields, Logger, LogLevel } from './log.ts';
import { readableLine } from './readable.ts';

export interface PinoLoggerOptions {
  /** Takes one line with its line end. */
  readonly write: (line: string) => void;
  readonly level: LogLevel;
  /** `json`: one object a line, for machines; `readable`: a short line for people. */
  readonly format: 'json' | 'readable';
}

/** The logger of long-lived processes: pino, which writes an event faster than it could be formatted by hand. */
export function pinoLogger({ write, level, format }: PinoLoggerOptions): Logger {
  const destination = { write: format === 'json' ? write : (line: string) => write(readableLine(line)) };
  const log = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      errorKey: 'error',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    debug: (message, fields) => log.debug(fields ?? none, message),
    info: (message, fields) => log.info(fields ?? none, message),
    warn: (message, fields) => log.warn(fields ?? none, message),
    error: (message, fields) => log.error(fields ?? none, message),
  };
}

const none: LogFields = {};
