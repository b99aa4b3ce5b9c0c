import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDomains, type VirtualHostPlan, virtualHosts } from './virtual-host.ts';

function plan(host: string, domains: readonly string[], short: readonly string[] = []): VirtualHostPlan {
  return { host, isKnown: true, port: 80, domains: { all: domains, short: new Set(short) }, routes: [] };
}

function domainsByName(plans: readonly VirtualHostPlan[]) {
  return virtualHosts(plans).map(({ name, domains }) => [name, domains]);
}

describe('virtual hosts', () => {
  it('are sorted by name', () => {
    expect(domainsByName([plan('b', ['b']), plan('a', ['a'])])).toEqual([
      ['a:80', ['a']],
      ['b:80', ['b']],
    ]);
  });

  it('have their name from the first that wants it', () => {
    expect(domainsByName([plan('a', ['a']), plan('a', ['x'])])).toEqual([['a:80', ['a']]]);
  });

  it('have their domains from the first that wants them, in any case', () => {
    expect(domainsByName([plan('b', ['B', 'x']), plan('a', ['a', 'X', 'b'])])).toEqual([
      ['a:80', ['a']],
      ['b:80', ['B', 'x']],
    ]);
  });

  it('are left out without any domain', () => {
    expect(domainsByName([plan('a', ['a']), plan('b', ['a'])])).toEqual([['a:80', ['a']]]);
  });

  it.each([
    [true, ['web.io.svc.x']],
    [false, ['web.io.svc.x', 'web.io']],
  ])('leave an abbreviation to the host whose full name it is, if that is known (%s)', (isKnown, expected) => {
    const abbreviated = plan('web.io.svc.x', ['web.io.svc.x', 'web.io'], ['web.io']);
    const named = { ...plan('web.io', ['other']), isKnown };
    expect(domainsByName([abbreviated, named])[0]).toEqual(['web.io.svc.x:80', expected]);
  });

  it('never share a name or a domain', () => {
    const word = fc.constantFrom('a', 'A', 'b', 'c', 'd');
    const plans = fc.array(fc.tuple(word, fc.array(word)).map(([host, domains]) => plan(host, domains)));
    fc.assert(
      fc.property(plans, (given) => {
        const made = virtualHosts(given);
        const domains = made.flatMap((host) => host.domains ?? []).map((domain) => domain.toLowerCase());
        expect(new Set(domains).size).toBe(domains.length);
        expect(new Set(made.map(({ name }) => name)).size).toBe(made.length);
        expect(made.every((host) => (host.domains ?? []).length > 0)).toBe(true);
      }),
    );
  });
});

describe('the domain of a host that only a VirtualService knows', () => {
  it.each([
    ['a.example', 'a.example'],
    ['10.0.0.1', '10.0.0.1'],
    ['fd00::1', '[fd00::1]'],
  ])('of %s is %s', (host, expected) => {
    expect(plainDomains(host).all).toEqual([expected]);
  });
});
