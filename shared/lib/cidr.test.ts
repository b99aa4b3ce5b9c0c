import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedCidr } from './cidr.ts';

describe('address ranges', () => {
  it.each([
    ['10.1.2.3/8', '10.9.9.9/8'],
    ['10.1.2.3', '10.1.2.3/32'],
    ['0.0.0.0/0', '255.255.255.255/0'],
    ['fd00::1/64', 'fd00:0:0:0:ffff::/64'],
    ['::1', '0:0:0:0:0:0:0:1/128'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ])('%s is the same as %s', (a, b) => {
    expect(maskedCidr(a)).toBe(maskedCidr(b));
    expect(maskedCidr(a)).toBeDefined();
  });

  it.each([
    ['10.0.0.0/8', '10.0.0.0/9'],
    ['10.0.0.1', '10.0.0.2'],
    ['::/0', '0.0.0.0/0'],
  ])('%s is another one than %s', (a, b) => {
    expect(maskedCidr(a)).not.toBe(maskedCidr(b));
  });

  it.each([
    '',
    'host',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/x',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    'g::',
    '::/129',
  ])('%j is none', (text) => {
    expect(maskedCidr(text)).toBeUndefined();
  });

  it('hold every address with their prefix', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const [first] = address.split('.');
        expect(maskedCidr(`${address}/${prefix}`)).toBeDefined();
        if (prefix <= 8) expect(maskedCidr(`${address}/${prefix}`)).toBe(maskedCidr(`${first}.0.0.0/${prefix}`));
      }),
    );
  });
});
