import { describe, expect, it } from 'vitest';
import { closestHost, completeHost, coversHost } from './host.ts';

describe('coversHost', () => {
  it.each([
    ['web.shop', 'web.shop', true],
    ['*.shop', 'web.shop', true],
    ['*', 'web.shop', true],
    ['*.shop', '*.web.shop', true],
    ['*.web.shop', '*.shop', false],
    ['*.shop', '.shop', false],
    ['web.shop', '*.shop', false],
  ])('%s over %s: %s', (pattern, host, expected) => {
    expect(coversHost(pattern, host)).toBe(expected);
  });
});

describe('closestHost', () => {
  it('prefers the same name to wildcards, and longer wildcards to shorter ones', () => {
    expect(closestHost(['*', '*.shop', 'web.shop'], 'web.shop')).toBe('web.shop');
    expect(closestHost(['*', '*.shop', 'api.shop'], 'web.shop')).toBe('*.shop');
    expect(closestHost(['api.shop'], 'web.shop')).toBeUndefined();
  });
});

describe('completeHost', () => {
  it('completes only names without a dot', () => {
    expect(completeHost('web', 'shop', 'cluster.local')).toBe('web.shop.svc.cluster.local');
    expect(completeHost('web.shop', 'other', 'cluster.local')).toBe('web.shop');
    expect(completeHost('*', 'shop', 'cluster.local')).toBe('*');
  });
});
