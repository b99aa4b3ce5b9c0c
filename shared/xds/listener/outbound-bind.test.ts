import { describe, expect, it } from 'vitest';
import { endpoint, listenerKey, port, scopeOf, service } from '../../../test/fixtures/listeners.ts';
import type { ListenerKey, PortProtocol, Service } from '../../model/index.ts';
import { outboundBinds } from './outbound-bind.ts';

const host = 'web.shop.svc.cluster.local';

function addresses(protocol: PortProtocol, more: Partial<Service>, key: Partial<ListenerKey> = {}): (string | undefined)[][] {
  const of = port(80, protocol);
  const one = service(host, [of], more);
  return outboundBinds(scopeOf([one]), one, of, listenerKey(key)).map(({ addresses: list, cidr }) =>
    cidr === undefined ? [...list] : [...list, cidr],
  );
}

const external: Partial<Service> = { registry: 'External' };
const dual: Partial<Service> = { addresses: ['10.0.0.1', 'fd00::1'] };

describe('where an outbound listener listens', () => {
  it.each<[string, PortProtocol, Partial<Service>, Partial<ListenerKey>, (string | undefined)[][]]>([
    ['HTTP shares all addresses', 'HTTP', {}, {}, [['0.0.0.0']]],
    ['TCP has the service’s address', 'TCP', {}, {}, [['10.0.0.1']]],
    ['what is to be sniffed has it too', 'Auto', {}, {}, [['10.0.0.1']]],
    ['IPv6 proxies', 'HTTP', {}, { ipFamilies: 'v6' }, [['::']]],
    ['dual-stack proxies', 'HTTP', {}, { ipFamilies: 'dual' }, [['0.0.0.0', '::']]],
    ['a dual-stack service for IPv4', 'TCP', dual, {}, [['10.0.0.1']]],
    ['a dual-stack service for IPv6', 'TCP', dual, { ipFamilies: 'v6' }, [['fd00::1']]],
    ['a dual-stack service for both', 'TCP', dual, { ipFamilies: 'dual' }, [['10.0.0.1', 'fd00::1']]],
    ['a service in the other family only', 'TCP', { addresses: ['fd00::1'] }, {}, [['fd00::1']]],
    ['a range', 'TCP', { ...external, addresses: ['10.1.0.0/16'] }, {}, [['0.0.0.0', '10.1.0.0/16']]],
    ['an external service without an address', 'TCP', { ...external, addresses: [], resolution: 'dns' }, {}, [['0.0.0.0']]],
    ['no redirection', 'HTTP', {}, { interception: 'NONE' }, [['127.0.0.1']]],
    [
      'an address that was made up',
      'TCP',
      { ...external, addresses: [], autoAddresses: ['240.240.0.1', '2001:2::1'] },
      { capturesDns: true, takesAutoAddresses: true },
      [['240.240.0.1']],
    ],
    [
      'one that the application never sees',
      'TCP',
      { ...external, addresses: [], autoAddresses: ['240.240.0.1'] },
      { takesAutoAddresses: true },
      [['0.0.0.0']],
    ],
    ['a headless service without endpoints', 'TCP', { addresses: [], resolution: 'passthrough' }, {}, []],
    ['a headless service with HTTP', 'HTTP', { addresses: [], resolution: 'passthrough' }, {}, [['0.0.0.0']]],
    ['an external service that nothing narrows down', 'TCP', { ...external, addresses: [], resolution: 'passthrough' }, {}, [['0.0.0.0']]],
    [
      'one that picks pods, of which there are none',
      'TCP',
      { ...external, addresses: [], resolution: 'passthrough', selector: { app: 'a' } },
      {},
      [],
    ],
  ])('%s', (_, protocol, more, key, expected) => {
    expect(addresses(protocol, more, key)).toEqual(expected);
  });

  it('is each endpoint of a headless service but the proxy’s own, those that end and those of other ports', () => {
    const of = port(9000, 'TCP');
    const headless = service(host, [of, port(9001, 'TCP')], { addresses: [], resolution: 'passthrough' });
    const endpoints = [
      endpoint('10.1.0.1', of),
      endpoint('10.1.0.2', of),
      endpoint('10.1.0.2', of),
      endpoint('10.1.0.3', of, { health: 'terminating' }),
      endpoint('10.1.0.4', of, { health: 'unhealthy' }),
      endpoint('db.example.com', of),
      endpoint('10.1.0.5', port(9001, 'TCP')),
    ];
    const scope = scopeOf([headless], { endpoints: new Map([[headless, endpoints]]) });

    const binds = outboundBinds(scope, headless, of, listenerKey({ addresses: ['10.1.0.1'] }));

    expect(binds.map(({ addresses: [first] }) => first)).toEqual(['10.1.0.2', '10.1.0.4']);
  });

  it('is every address of such an endpoint', () => {
    const of = port(9000, 'TCP');
    const headless = service(host, [of], { addresses: [], resolution: 'passthrough' });
    const endpoints = new Map([[headless, [endpoint('10.1.0.1', of, { additionalAddresses: ['fd00::1'] })]]]);

    const binds = outboundBinds(scopeOf([headless], { endpoints }), headless, of, listenerKey({ ipFamilies: 'dual' }));

    expect(binds.map(({ addresses: all }) => all)).toEqual([['10.1.0.1', 'fd00::1']]);
  });

  it('is a socket of its own only without redirection', () => {
    const of = port(80, 'HTTP');
    const one = service(host, [of]);
    const bindsPort = (key: Partial<ListenerKey>) => outboundBinds(scopeOf([one]), one, of, listenerKey(key))[0]?.bindsPort;
    expect(bindsPort({ interception: 'NONE' })).toBe(true);
    expect(bindsPort({ interception: 'TPROXY' })).toBe(false);
  });
});
