import { describe, expect, it } from 'vitest';
import { goNumberText } from './go-number.ts';
import { quoted } from './go-quote.ts';

describe('quoted', () => {
  it.each<[string, string]>([
    ['a é 世', '"a é 世"'],
    ['"\\', '"\\"\\\\"'],
    ['\n\t\u0000\u007f', '"\\n\\t\\x00\\x7f"'],
    ['\u2028\u{e0001}', '"\\u2028\\U000e0001"'],
  ])('writes %j as Go does', (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });
});

describe('goNumberText', () => {
  it.each<[number, string]>([
    [101, '101'],
    [-0.5, '-0.5'],
    [0.0001, '0.0001'],
    [0.000_05, '5e-05'],
    [1e-12, '1e-12'],
    [1e21, '1e+21'],
  ])('writes %s as Go does', (number, expected) => {
    expect(goNumberText(number)).toBe(expected);
  });
});
