import type { EmfMetrics } from './emf.ts';
import { jsonLine, jsonLinesLogger, type LogFields, type Logger, type LogLevel, logLevels } from './log.ts';

export interface RequestLogOptions {
  /** Takes one line with its line end. */
  readonly write: (line: string) => void;
  readonly now: () => Date;
  readonly level: LogLevel;
  readonly metrics: EmfMetrics;
}

/** A logger that writes one line for each request, with all that was said during it and all that was counted. */
export interface RequestLog {
  /** Outside of a request every call is a line of its own. */
  readonly log: Logger;
  begin(): void;
  /** Writes the line. @param request what is known of the request as a whole. */
  end(request: LogFields): void;
}

interface Entry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** One request at a time, as Lambda sends them. */
export function requestLog({ write, now, level: lowest, metrics }: RequestLogOptions): RequestLog {
  let said: Entry[] | undefined;
  const direct = jsonLinesLogger({ write, now, level: lowest });
  const say = (entry: Entry): void => {
    if (said === undefined) direct[entry.level](entry.message, entry.fields);
    else if (logLevels.indexOf(entry.level) >= logLevels.indexOf(lowest)) said.push(entry);
  };
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      say({ level, message, fields });
  return {
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    begin: () => {
      said = [];
    },
    end: (request) => {
      const time = now();
      const members = { time: time.toISOString(), ...together(said ?? []), request };
      said = undefined;
      for (const member of metrics.drain(members, time.getTime())) write(`${jsonLine(member)}\n`);
    },
  };
}

/** The gravest entry gives level and message; the others stand beside it. */
function together(entries: readonly Entry[]): LogFields {
  const [main = { level: 'info', message: 'request answered', fields: {} } as const, ...others] = entries.toSorted(
    (a, b) => logLevels.indexOf(b.level) - logLevels.indexOf(a.level),
  );
  const also = others.map(({ level, message, fields }) => ({ level, message, ...fields }));
  return { level: main.level, message: main.message, ...main.fields, ...(also.length > 0 && { also }) };
}
