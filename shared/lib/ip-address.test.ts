import { describe, expect, it } from 'vitest';
import { isIpAddress, subnetProblem } from './ip-address.ts';

describe('isIpAddress', () => {
  it.each<[string, boolean]>([
    ['10.0.0.1', true],
    ['::1', true],
    ['fe80::1%eth0', true],
    ['fe80::1%', false],
    ['10.0.0.1%a', false],
    ['010.0.0.1', false],
    ['10.0.0.0/8', false],
    ['', false],
  ])('%j: %s', (text, isAddress) => {
    expect(isIpAddress(text)).toBe(isAddress);
  });
});

describe('subnetProblem', () => {
  it.each(['10.0.0.1', '10.1.2.3/8', '0.0.0.0/0', 'fd00::/128'])('takes %s', (text) => {
    expect(subnetProblem(text)).toBeUndefined();
  });

  it.each<[string, string]>([
    ['a', 'a is not a valid IP'],
    ['10.0.0.0/8/8', '10.0.0.0/8/8 is not a valid IP'],
    ['10.0.0.0/33', '10.0.0.0/33 is not a valid CIDR block'],
    ['10.0.0.0/08', '10.0.0.0/08 is not a valid CIDR block'],
    ['fe80::1%eth0/64', 'fe80::1%eth0/64 is not a valid CIDR block'],
    ['a/8', 'a/8 is not a valid CIDR block'],
  ])('refuses %s', (text, problem) => {
    expect(subnetProblem(text)).toBe(problem);
  });
});
