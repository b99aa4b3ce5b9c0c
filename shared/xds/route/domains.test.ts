import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { service } from '../../../test/fixtures/listeners.ts';
import { routeKey } from '../../../test/fixtures/routes.ts';
import type { RouteKey, Service } from '../../model/index.ts';
import { domainsWithPort, serviceDomains, usableAddresses } from './domains.ts';

function spellings(host: string, dnsDomain = 'shop.svc.cluster.local'): readonly string[] {
  return serviceDomains({ hosts: [host], addresses: [], hasPodNames: false }, dnsDomain).all;
}

describe('the spellings of a host', () => {
  it.each<[string, string, readonly string[]]>([
    ['in the own namespace', 'web.shop.svc.cluster.local', ['web', 'web.shop.svc', 'web.shop']],
    ['in another namespace', 'web.bank.svc.cluster.local', ['web.bank', 'web.bank.svc']],
    ['outside of Kubernetes', 'api.example.com', []],
    ['of another cluster domain', 'web.shop.svc.other.local', []],
    ['with a wildcard', '*.shop.svc.cluster.local', []],
    ['without a name', '.svc.cluster.local', []],
  ])('%s', (_, host, short) => {
    expect(spellings(host)).toEqual([host, `${host}.`, ...short]);
  });

  it('are full ones only for proxies outside of Kubernetes’ domains', () => {
    expect(spellings('web.shop.svc.cluster.local', 'example.com')).toEqual(['web.shop.svc.cluster.local', 'web.shop.svc.cluster.local.']);
  });

  it('are followed by those of aliases, pods and addresses', () => {
    const { all, short } = serviceDomains(
      { hosts: ['a.shop.svc.x', 'b.io'], addresses: ['10.0.0.1', 'fd00::1'], hasPodNames: true },
      'shop.svc.x',
    );
    const names = ['a.shop.svc.x', 'a.shop.svc.x.', 'a', 'a.shop.svc', 'a.shop', 'b.io', 'b.io.'];

    expect(all).toEqual([...names, ...names.map((name) => `*.${name}`), '10.0.0.1', '[fd00::1]']);
    expect([...short].sort()).toEqual(['a', 'a.shop', 'a.shop.svc']);
  });

  it('are all different, and every abbreviation is one of them', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
    fc.assert(
      fc.property(label, label, label, fc.boolean(), (name, namespace, clientNamespace, hasPodNames) => {
        const hosts = [`${name}.${namespace}.svc.cluster.local`];
        const { all, short } = serviceDomains({ hosts, addresses: [], hasPodNames }, `${clientNamespace}.svc.cluster.local`);
        expect(new Set(all).size).toBe(all.length);
        for (const domain of short) expect(all).toContain(domain);
      }),
    );
  });

  it('name the port for the HTTP proxy; port 80 goes without saying', () => {
    const plain = { all: ['a', 'b'], short: new Set<string>() };
    expect(domainsWithPort(plain, 80).all).toEqual(['a', 'a:80', 'b', 'b:80']);
    expect(domainsWithPort(plain, 8080).all).toEqual(['a:8080', 'b:8080']);
  });
});

describe('the addresses of a service', () => {
  const both = { addresses: ['10.0.0.1', 'fd00::1'] };
  const made = { addresses: [], autoAddresses: ['240.240.0.1', '2001:2::1'] };
  const dns: Partial<RouteKey> = { capturesDns: true, takesAutoAddresses: true };

  it.each<[string, Partial<Service>, Partial<RouteKey>, readonly string[]]>([
    ['those of the proxy’s family', both, {}, ['10.0.0.1']],
    ['those of its family, IPv6', both, { ipFamilies: 'v6' }, ['fd00::1']],
    ['all for a proxy of both', both, { ipFamilies: 'dual' }, both.addresses],
    ['none of another family', { addresses: ['fd00::1'] }, {}, []],
    ['all of a ServiceEntry', { ...both, registry: 'External' }, {}, both.addresses],
    ['no made-up one without DNS capture', made, {}, []],
    ['no made-up one where the proxy does not take them', made, { capturesDns: true }, []],
    ['a made-up one', made, dns, ['240.240.0.1']],
    ['a made-up one, IPv6', made, { ...dns, ipFamilies: 'v6' }, ['2001:2::1']],
    ['one made-up one for both families', made, { ...dns, ipFamilies: 'dual' }, ['240.240.0.1']],
    ['its own before a made-up one', { ...made, ...both }, dns, ['10.0.0.1']],
  ])('are %s', (_, more, key, expected) => {
    expect(usableAddresses(service('a.b', [], more), routeKey(key), { dualStack: true })).toEqual(expected);
  });

  it('are not looked at where the mesh has one family', () => {
    expect(usableAddresses(service('a.b', [], both), routeKey(), { dualStack: false })).toEqual(both.addresses);
  });
});
