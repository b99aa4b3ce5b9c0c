import { describe, expect, it } from 'vitest';
import { baseUrl, servingNames } from './addresses.ts';

describe('servingNames', () => {
  it('has this machine’s names, istiod’s and the address listened on, each once', () => {
    const names = servingNames('127.0.0.1');

    expect(names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '::1', 'istiod.istio-system.svc']));
    expect(new Set(names).size).toBe(names.length);
    expect(servingNames('192.0.2.7')).toContain('192.0.2.7');
  });

  it.each(['0.0.0.0', '::'])('has addresses, never %s itself', (bind) => {
    expect(servingNames(bind)).not.toContain(bind);
  });
});

describe('baseUrl', () => {
  it.each([
    ['127.0.0.1', 'https://127.0.0.1:443'],
    ['0.0.0.0', 'https://127.0.0.1:443'],
    ['::', 'https://127.0.0.1:443'],
    ['::1', 'https://[::1]:443'],
    ['mesh.example', 'https://mesh.example:443'],
  ])('of %s is %s', (bind, url) => {
    expect(baseUrl('https', bind, 443)).toBe(url);
  });
});
