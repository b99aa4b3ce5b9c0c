import { describe, expect, it } from 'vitest';
import { logLevels } from './log.ts';
import { pinoLogger } from './pino.ts';

function lines(format: 'json' | 'readable', level: (typeof logLevels)[number] = 'info'): readonly string[] {
  const written: string[] = [];
  const log = pinoLogger({ write: (line) => written.push(line), level, format });
  for (const name of logLevels) log[name](`${name} message`, { pod: 'a', error: new Error('away') });
  return written;
}

describe('pinoLogger', () => {
  it('writes the same members as the logger of the functions', () => {
    expect(JSON.parse(lines('json')[0] ?? '')).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      level: 'info',
      message: 'info message',
      pod: 'a',
      error: expect.objectContaining({ message: 'away', stack: expect.any(String) }),
    });
  });

  it('writes readable lines for people', () => {
    expect(lines('readable')[1]).toMatch(/^\d\d:\d\d:\d\d ! warn message {2}pod=a {2}error=away\n$/);
  });

  it.each(logLevels)('writes nothing below %s', (level) => {
    expect(lines('json', level).map((line) => JSON.parse(line).level)).toEqual(logLevels.slice(logLevels.indexOf(level)));
  });
});
