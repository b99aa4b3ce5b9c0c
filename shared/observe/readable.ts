import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';

const signs: Readonly<Record<string, string>> = { debug: '·', info: ' ', warn: '!', error: '✗' };
const plainWord = /^[^\s"=]+$/;

/** A JSON log line as people read it: `10:02:03 ! message  key=value`. Anything that is no JSON object passes unchanged. */
export function readableLine(line: string): string {
  const record = parseRecord(line);
  if (record === undefined) return line;
  const { time, level, message, error, ...fields } = record;
  const clock = typeof time === 'string' ? time.slice(11, 19) : '';
  const sign = typeof level === 'string' ? (signs[level] ?? level) : '';
  const pairs = Object.entries({ ...fields, ...errorPair(error) }).map(([key, value]) => `${key}=${fieldText(value)}`);
  return `${[`${clock} ${sign} ${String(message ?? '')}`, ...pairs].join('  ')}\n`;
}

function parseRecord(line: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** People get the sentence; the stack is for machines (`--json`). */
function errorPair(error: JsonValue | undefined): JsonObject {
  if (error === undefined) return {};
  return { error: isJsonObject(error) && typeof error['message'] === 'string' ? error['message'] : error };
}

function fieldText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return plainWord.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value);
}
