import { describe, expect, it } from 'vitest';
import { mentions } from './answer.ts';

describe('mentions', () => {
  it.each([
    ['Error adding/updating cluster(s) outbound|80||web.default: bad', 'outbound|80||web.default', true],
    ['Error adding/updating cluster(s) outbound|80||web.default: bad', 'outbound|80||web', false],
    ['Error adding/updating listener(s) 0.0.0.0_8080: bad', '0.0.0.0_8080', true],
    ['Error adding/updating listener(s) 0.0.0.0_8080: bad', '0.0.0.0_80', false],
    ['route 8080 is bad', '80', false],
    ['route 8080 and 80.', '80', true],
    ['(virtualInbound)', 'virtualInbound', true],
    ['anything', '', false],
  ])('%j names %j: %s', (text, name, expected) => {
    expect(mentions(text, name)).toBe(expected);
  });
});
