import { describe, expect, it } from 'vitest';
import { readableLine } from './readable.ts';

const line = (record: Record<string, unknown>) => readableLine(`${JSON.stringify({ time: '2026-11-20T12:34:56.789Z', ...record })}\n`);

describe('readableLine', () => {
  const cases = [
    { name: 'a plain message', record: { level: 'info', message: 'stopped' }, expected: '12:34:56   stopped\n' },
    { name: 'a warning', record: { level: 'warn', message: 'odd' }, expected: '12:34:56 ! odd\n' },
    { name: 'an error', record: { level: 'error', message: 'broken' }, expected: '12:34:56 ✗ broken\n' },
    {
      name: 'fields, quoted where they are more than a word',
      record: { level: 'info', message: 'pod injected', uid: 'u-1', name: 'two words', empty: '', count: 3, list: [1, 'a'] },
      expected: '12:34:56   pod injected  uid=u-1  name="two words"  empty=""  count=3  list=[1,"a"]\n',
    },
    {
      name: 'the sentence of an error without its stack',
      record: { level: 'error', message: 'failed', error: { message: 'store is away', stack: 'Error: …' } },
      expected: '12:34:56 ✗ failed  error="store is away"\n',
    },
    {
      name: 'an error that is a text',
      record: { level: 'error', message: 'failed', error: 'away' },
      expected: '12:34:56 ✗ failed  error=away\n',
    },
  ];
  it.each(cases)('shows $name', ({ record, expected }) => {
    expect(line(record)).toBe(expected);
  });

  it.each(['plain text\n', '[1]\n', ''])('passes what is no record: %j', (text) => {
    expect(readableLine(text)).toBe(text);
  });

  it('never breaks a field into a second line', () => {
    expect(line({ level: 'info', message: 'x', text: 'a\nb' })).toBe('12:34:56   x  text="a\\nb"\n');
  });
});
