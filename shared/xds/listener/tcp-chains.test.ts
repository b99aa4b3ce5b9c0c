import { describe, expect, it } from 'vitest';
import { port, scopeOf, service, virtualService } from '../../../test/fixtures/listeners.ts';
import type { VirtualService } from '../../config/networking/virtual-service.ts';
import type { PortProtocol, Service } from '../../model/index.ts';
import type { Bind } from './outbound-bind.ts';
import { tcpChains } from './tcp-chains.ts';

const host = 'web.shop.svc.cluster.local';
const vip: Bind = { addresses: ['10.0.0.1'], bindsPort: false };
const everywhere: Bind = { addresses: ['0.0.0.0'], bindsPort: false };
const toV1 = [{ destination: { host, subset: 'v1' } }];
const toV2 = [{ destination: { host, subset: 'v2' } }];

interface Situation {
  readonly protocol?: PortProtocol;
  readonly bind?: Bind;
  readonly rules?: readonly VirtualService[];
  readonly service?: Partial<Service>;
  readonly aliases?: readonly string[];
  /** 0 for a socket file. */
  readonly portNumber?: number;
}

/** The chains as `[match, cluster or stat prefix]`. */
function chains({ protocol = 'TCP', bind = vip, rules = [], aliases = [], portNumber = 443, ...more }: Situation) {
  const of = port(portNumber, protocol);
  const one = service(host, [of, port(80, 'HTTP')], more.service);
  const scope = scopeOf([one], {
    virtualServices: rules.map((spec, index) => virtualService(`vs${index}`, { hosts: [host], ...spec })),
    aliases: { [one.host]: aliases },
  });
  const labels = { app: 'caller' };
  const plans = tcpChains(scope, { service: one, port: of, bind, labels, dnsDomain: 'shop.svc.cluster.local', ipFamilies: 'v4' });
  return plans.map(({ match, traffic, origin }) => {
    const statPrefix = traffic.kind === 'tcp' ? traffic.route.statPrefix : 'HTTP';
    const present = Object.fromEntries(Object.entries(match).filter(([, list]) => Array.isArray(list) && list.length > 0));
    return [present, statPrefix, ...(origin ? [origin['config']] : [])];
  });
}

const own = `outbound|443||${host}`;
const v1 = `outbound|443|v1|${host}`;
const from = (name: string) => `/apis/networking.istio.io/v1/namespaces/shop/virtual-service/${name}`;
const range: Bind = { ...everywhere, cidr: '10.1.0.0/16' };
const noAddress: Partial<Service> = { addresses: [], registry: 'External', resolution: 'dns' };

describe('the chain of a service', () => {
  it.each<[string, Situation, unknown]>([
    ['takes all that comes to its address', {}, [[{}, own]]],
    ['takes its range', { bind: range }, [[{ prefixRanges: ['10.1.0.0/16'] }, own]]],
    ['of TLS takes any server name at its own address', { protocol: 'TLS' }, [[{}, own]]],
    [
      'of TLS takes its server names where it shares one',
      { protocol: 'HTTPS', bind: everywhere, service: noAddress, aliases: ['a.shop.svc.cluster.local'] },
      [[{ serverNames: [host, ...['a.shop.svc.cluster.local', 'a.shop.svc.cluster.local.', 'a', 'a.shop.svc', 'a.shop']] }, own]],
    ],
    [
      'of TLS takes its server name in its range',
      { protocol: 'TLS', bind: range },
      [[{ serverNames: [host], prefixRanges: ['10.1.0.0/16'] }, own]],
    ],
  ])('%s', (_, situation, expected) => {
    expect(chains(situation)).toEqual(expected);
  });
});

describe('TCP routes', () => {
  it.each<[string, VirtualService[], unknown]>([
    ['replace the service’s chain', [{ tcp: [{ route: toV1 }] }], [[{}, v1, from('vs0')]]],
    [
      'end with the first that takes all',
      [{ tcp: [{ route: toV1 }, { route: toV2 }] }, { tcp: [{ route: toV2 }] }],
      [[{}, v1, from('vs0')]],
    ],
    [
      'for subnets stand beside the service’s chain',
      [{ tcp: [{ match: [{ destinationSubnets: ['10.2.0.0/16'] }, { destinationSubnets: ['10.3.0.1'] }], route: toV1 }] }],
      [
        [{ prefixRanges: ['10.2.0.0/16', '10.3.0.1'] }, v1],
        [{}, own],
      ],
    ],
    ['for another port do not apply', [{ tcp: [{ match: [{ port: 80 }], route: toV1 }] }], [[{}, own]]],
    ['for this port apply', [{ tcp: [{ match: [{ port: 443 }], route: toV1 }] }], [[{}, v1, from('vs0')]]],
    ['for other callers do not apply', [{ tcp: [{ match: [{ sourceLabels: { app: 'other' } }], route: toV1 }] }], [[{}, own]]],
    ['for other namespaces do not apply', [{ tcp: [{ match: [{ sourceNamespace: 'other' }], route: toV1 }] }], [[{}, own]]],
    ['of gateways do not apply', [{ tcp: [{ match: [{ gateways: ['shop/gateway'] }], route: toV1 }] }], [[{}, own]]],
    ['without destinations count as none', [{ tcp: [{ route: [] }] }], [[{}, own]]],
    ['of other hosts do not apply', [{ hosts: ['other.shop.svc.cluster.local'], tcp: [{ route: toV1 }] }], [[{}, own]]],
    ['of wildcard hosts apply', [{ hosts: ['*.shop.svc.cluster.local'], tcp: [{ route: toV1 }] }], [[{}, v1, from('vs0')]]],
    [
      'with several destinations are named after the VirtualService',
      [
        {
          tcp: [
            {
              route: [
                { ...toV1[0], weight: 50 },
                { ...toV2[0], weight: 50 },
              ],
            },
          ],
        },
      ],
      [[{}, 'vs0.shop', from('vs0')]],
    ],
  ])('%s', (_, rules, expected) => {
    expect(chains({ rules })).toEqual(expected);
  });
});

describe('TLS routes', () => {
  it.each<[string, VirtualService[], unknown]>([
    [
      'replace the service’s chain, one chain a match',
      [{ tls: [{ match: [{ sniHosts: ['b', 'a'] }, { sniHosts: ['c'], destinationSubnets: ['10.2.0.0/16'] }], route: toV1 }] }],
      [
        [{ serverNames: ['b', 'a'] }, v1, from('vs0')],
        [{ serverNames: ['c'], prefixRanges: ['10.2.0.0/16'] }, v1, from('vs0')],
      ],
    ],
    [
      'with the same match: the first wins',
      [{ tls: [{ match: [{ sniHosts: ['a'] }], route: toV1 }] }, { tls: [{ match: [{ sniHosts: ['a'] }], route: toV2 }] }],
      [[{ serverNames: ['a'] }, v1, from('vs0')]],
    ],
    ['that do not apply leave the service’s chain', [{ tls: [{ match: [{ sniHosts: ['a'], port: 80 }], route: toV1 }] }], [[{}, own]]],
    ['are none for plain TCP rules', [{ tcp: [{ route: toV1 }] }], [[{}, own]]],
  ])('%s', (_, rules, expected) => {
    expect(chains({ protocol: 'TLS', rules })).toEqual(expected);
  });
});

describe('the chains of a socket file', () => {
  const destinationSubnets = ['10.0.0.0/8'];

  it.each<[PortProtocol, VirtualService, unknown]>([
    ['TCP', { tcp: [{ match: [{ destinationSubnets }], route: toV1 }] }, [[{}, `outbound|0|v1|${host}`, from('vs0')]]],
    [
      'TLS',
      { tls: [{ match: [{ sniHosts: ['a'], destinationSubnets }], route: toV1 }] },
      [[{ serverNames: ['a'] }, `outbound|0|v1|${host}`, from('vs0')]],
    ],
  ])('of %s do not look at subnets', (protocol, rule, expected) => {
    expect(chains({ protocol, portNumber: 0, rules: [rule] })).toEqual(expected);
  });
});
