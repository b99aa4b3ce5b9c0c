import { describe, expect, it } from 'vitest';
import { type CelValue, parseCel } from './cel.ts';

function evaluate(text: string, self: CelValue = null): unknown {
  const parsed = parseCel(text);
  return parsed.ok ? parsed.value.evaluate({ self }) : parsed;
}

describe('parseCel', () => {
  it.each<[string, CelValue, unknown]>([
    ['self > 1', 2n, true],
    ['has(self.a) && self.a.size() == 1', { a: 'x' }, true],
    ['self.all(x, x in ["a"])', ['a', 'b'], false],
    ["duration(self) >= duration('1ms')", '1s', true],
    ['isURL(self) && url(self).getHost() == "a:1"', 'http://a:1/b', true],
    ['isURL(self)', 'a b', false],
  ])('evaluates %s', (text, self, value) => {
    expect(evaluate(text, self)).toEqual({ ok: true, value });
  });

  it.each(['1 +', '', 'a b', '(', '"'])('does not parse %j', (text) => {
    expect(parseCel(text)).toMatchObject({ ok: false });
  });

  it.each(['self.b', 'url(self.a).getScheme()', '1 / 0', 'unheard(self)'])('answers %s with an error in one line', (text) => {
    expect(evaluate(text, { a: 'a b' })).toEqual({ ok: false, error: expect.not.stringContaining('\n') });
  });

  it('answers what is too deep', () => {
    expect(parseCel(`${'('.repeat(100_000)}1${')'.repeat(100_000)}`)).toMatchObject({ ok: false });
  });
});
