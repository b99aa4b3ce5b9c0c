import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalQuantity, parseQuantity } from './quantity.ts';

describe('canonicalQuantity', () => {
  it.each([
    ['1000m', '1'],
    ['0.1', '100m'],
    ['1.5', '1500m'],
    ['1024Ki', '1Mi'],
    ['0.5Gi', '512Mi'],
    ['1.5Gi', '1536Mi'],
    ['1000Mi', '1000Mi'],
    ['1000000', '1M'],
    ['12e2', '1200'],
    ['12e3', '12e3'],
    ['0m', '0'],
    ['-1500m', '-1500m'],
    ['-2000m', '-2'],
    ['1000E', '1e21'],
    ['100000000000000000000', '100E'],
  ])('prints %s with the largest suffix that leaves no fraction', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it.each(['+1', '5.', '1.500', '001', '1E3', '1e3'])('keeps %s as Kubernetes does', (text) => {
    expect(canonicalQuantity(text)).toBe(text);
  });

  it.each([
    ['0.1n', '1n'],
    ['1.0000000001', '1000000001n'],
    ['-0.0000000001', '-1n'],
  ])('rounds %s away from zero to whole nanos', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it.each([
    ['0.1Ki', '102400m'],
    ['1000Ki', '1000Ki'],
    ['1023.5Ki', '1048064'],
    ['0.0001Gi', '107374182400u'],
  ])('prints %s in decimal where powers of 1024 would lose precision or stay below 1024', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it.each([
    ['16Ei', '9223372036854775807'],
    ['9223372036854775807.5Ki', '9223372036854775807'],
  ])('caps %s at the largest int64', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it('takes numbers, also large ones', () => {
    expect([canonicalQuantity(2), canonicalQuantity(0.5), canonicalQuantity(1e21)]).toEqual(['2', '500m', '1e+21']);
  });

  it.each(['', 'x', '1 Gi', '1gi', ' 1', '1.2.3', '1e', '1ki', '0x10', '١'])('refuses %j', (text) => {
    expect(canonicalQuantity(text)).toBeUndefined();
  });

  it('tells a wrong form from a wrong suffix', () => {
    expect(parseQuantity('x')).toEqual({ ok: false, error: expect.stringContaining('must match the regular expression') });
    expect(parseQuantity('1ek')).toEqual({ ok: false, error: "unable to parse quantity's suffix" });
    expect(parseQuantity('1e99999999999')).toEqual({ ok: false, error: "unable to parse quantity's suffix" });
  });

  it('does not change what it made', () => {
    const suffix = fc.constantFrom('n', 'u', 'm', '', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'E-2');
    const text = fc
      .tuple(fc.constantFrom('', '-'), fc.nat(10_000_000), fc.nat(9999), suffix)
      .map(([sign, a, b, end]) => `${sign}${a}.${b}${end}`);

    fc.assert(
      fc.property(text, (quantity) => {
        const once = canonicalQuantity(quantity) ?? 'refused';

        expect(canonicalQuantity(once)).toBe(once);
      }),
    );
  });
});
