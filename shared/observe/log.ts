/** From chatty to grave. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What is known about an event beside its sentence. An `Error` is written with its stack and its cause. Never a user's secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where code reports what happens. The message is a constant sentence, lower case, no full stop; what varies goes into the fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LineLoggerOptions {
  /** Takes one line with its line end. */
  readonly write: (line: string) => void;
  readonly now: () => Date;
  /** @default 'info' */
  readonly level?: LogLevel;
}

/** One JSON object a line and no dependency: for functions, whose bundles stay small. CloudWatch and its like read the members. */
export function jsonLinesLogger({ write, now, level = 'info' }: LineLoggerOptions): Logger {
  const lowest = logLevels.indexOf(level);
  const at =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (logLevels.indexOf(name) < lowest) return;
      write(`${jsonLine({ time: now().toISOString(), level: name, message, ...fields })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Drops everything: for tests and for one-shot commands. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** A logging call must not be what breaks a request: a value that JSON cannot hold costs its fields, not the line. */
export function jsonLine(record: LogFields): string {
  try {
    return Object.values(record).some(isObject) ? JSON.stringify(record, withErrors) : JSON.stringify(record);
  } catch {
    return JSON.stringify({
      time: record['time'],
      level: record['level'],
      message: record['message'],
      note: 'fields are not serialisable',
    });
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function withErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? errorFields(value) : value;
}

function errorFields(error: Error): LogFields {
  return { name: error.name, message: error.message, stack: error.stack, ...(error.cause === undefined ? {} : { cause: error.cause }) };
}

function ignore(): void {}
