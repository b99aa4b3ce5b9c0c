import { describe, expect, it } from 'vitest';
import { parseGoBool } from './go-bool.ts';

describe('parseGoBool', () => {
  it.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('takes %s for true', (text) => {
    expect(parseGoBool(text)).toBe(true);
  });

  it.each(['0', 'f', 'F', 'FALSE', 'false', 'False'])('takes %s for false', (text) => {
    expect(parseGoBool(text)).toBe(false);
  });

  it.each(['', 'yes', 'on', 'tRUE', ' true', 'true ', '01', 'constructor'])('has no opinion on %j', (text) => {
    expect(parseGoBool(text)).toBeUndefined();
  });
});
