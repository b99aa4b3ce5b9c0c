import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, jsonOf, listenerKey, port, scopeOf, service } from '../../../test/fixtures/listeners.ts';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { ListenerKey, Scope, Service } from '../../model/index.ts';
import { httpListenerFields, inboundListenerFields, tcpListenerFields } from './keys.ts';
import { inboundListeners, listeners, sharedListeners } from './listeners.ts';
import { httpListeners } from './outbound.ts';

function built(scope: Scope, key: Partial<ListenerKey> = {}): Map<string, Json> {
  return new Map(listeners(scope, listenerKey(key)).value.map((listener) => [listener.name, jsonOf(ListenerSchema, listener)]));
}

const http = service('web.shop.svc.cluster.local', [port(80, 'HTTP')]);
const tcp = service('db.shop.svc.cluster.local', [port(5432, 'TCP')], { addresses: ['10.0.0.2'] });
const auto = service('any.shop.svc.cluster.local', [port(9000, 'Auto')], { addresses: ['10.0.0.3'] });

describe('the listeners of a sidecar', () => {
  it('are the virtual ones and one for each place and port', () => {
    const names = [...built(scopeOf([http, tcp, auto])).keys()].sort();
    expect(names).toEqual(['0.0.0.0_80', '10.0.0.2_5432', '10.0.0.3_9000', 'virtualInbound', 'virtualOutbound']);
  });

  it('have sockets of their own and nothing virtual without redirection', () => {
    const all = built(scopeOf([http, tcp]), { interception: 'NONE' });

    expect([...all.keys()].sort()).toEqual(['127.0.0.1_5432', '127.0.0.1_80']);
    expect(all.get('127.0.0.1_80')).toMatchObject({ maxConnectionsToAcceptPerSocketEvent: 1 });
    expect(all.get('127.0.0.1_80').bindToPort).toBeUndefined();
  });

  it('offer an HTTP proxy where the mesh has a port for it', () => {
    const scope = scopeOf([]);
    const listener = built({ ...scope, config: { ...scope.config, proxyHttpPort: 15002 } }).get('127.0.0.1_15002');

    expect(listener.bindToPort).toBeUndefined();
    expect(listener.filterChains[0].filters[0].typedConfig).toMatchObject({
      statPrefix: 'outbound_127.0.0.1_15002;',
      rds: { routeConfigName: 'http_proxy' },
      httpProtocolOptions: { allowAbsoluteUrl: true },
    });
  });

  it('are none for UDP', () => {
    const dns = service('dns.shop.svc.cluster.local', [port(53, 'UDP')]);
    expect([...built(scopeOf([dns])).keys()]).toEqual(['virtualOutbound', 'virtualInbound']);
  });

  it.each<[string, Service, Partial<ListenerKey>, boolean]>([
    ['the proxy’s health port', service('a.b.svc', [port(15021, 'HTTP')]), {}, false],
    ['the virtual listener’s port', service('a.b.svc', [port(15001, 'HTTP')]), {}, false],
    ['the same port at the service’s own address', service('a.b.svc', [port(15021, 'TCP')]), {}, true],
    ['a port that an unprivileged proxy cannot open', http, { interception: 'NONE', isUnprivileged: true }, false],
    ['the same port where nothing is opened', http, { isUnprivileged: true }, true],
  ])('stay away from ports that are taken: %s', (_, one, key, expected) => {
    const outbound = [...built(scopeOf([one]), key).keys()].filter((name) => !name.startsWith('virtual'));
    expect(outbound.length > 0).toBe(expected);
  });

  it.each<[Scope['outboundTrafficPolicy'], string]>([
    ['ALLOW_ANY', 'PassthroughCluster'],
    ['REGISTRY_ONLY', 'BlackHoleCluster'],
  ])('do with unknown destinations what %s says', (outboundTrafficPolicy, cluster) => {
    const all = built(scopeOf([http], { outboundTrafficPolicy }));
    const clusterOf = (chain: Json) => chain.filters.at(-1).typedConfig.cluster;

    expect(clusterOf(all.get('0.0.0.0_80').defaultFilterChain)).toBe(cluster);
    expect(clusterOf(all.get('virtualOutbound').filterChains[1])).toBe(cluster);
  });
});

describe('the chains of an outbound listener', () => {
  it('tell HTTP from the rest where the listener is for all addresses', () => {
    const { filterChains, defaultFilterChain, listenerFilters } = built(scopeOf([http])).get('0.0.0.0_80');

    expect(filterChains).toMatchObject([
      { filterChainMatch: { transportProtocol: 'raw_buffer', applicationProtocols: ['http/1.1', 'h2c'] } },
    ]);
    expect(filterChains[0].filters[0].typedConfig.rds.routeConfigName).toBe('80');
    expect(defaultFilterChain).toMatchObject({ name: 'PassthroughFilterChain', filterChainMatch: {} });
    expect(listenerFilters.map(({ name }: Json) => name)).toEqual(['envoy.filters.listener.http_inspector']);
  });

  it('have a route of the service’s own where its protocol is to be found out', () => {
    const { filterChains, defaultFilterChain } = built(scopeOf([auto])).get('10.0.0.3_9000');

    expect(filterChains[0].filters[0].typedConfig).toMatchObject({
      statPrefix: 'outbound_10.0.0.3_9000;',
      rds: { routeConfigName: `${auto.host}:9000` },
    });
    expect(defaultFilterChain.filters.at(-1).typedConfig.cluster).toBe(`outbound|9000||${auto.host}`);
  });

  it('stand alone where one takes everything', () => {
    const { filterChains, defaultFilterChain, listenerFilters } = built(scopeOf([tcp])).get('10.0.0.2_5432');

    expect(filterChains).toHaveLength(1);
    expect(filterChains[0].filterChainMatch).toBeUndefined();
    expect([defaultFilterChain, listenerFilters]).toEqual([undefined, undefined]);
  });

  it('are found by server name where services share the listener', () => {
    const shared = { addresses: [], registry: 'External', resolution: 'dns' } as const;
    const [a, b] = ['a.example', 'b.example'].map((host) => service(host, [port(443, 'TLS')], shared));
    const { filterChains, listenerFilters } = built(scopeOf(a && b ? [a, b] : [])).get('0.0.0.0_443');

    expect(filterChains.map(({ filterChainMatch }: Json) => filterChainMatch.serverNames)).toEqual([['a.example'], ['b.example']]);
    expect(listenerFilters.map(({ name }: Json) => name)).toEqual(['envoy.filters.listener.tls_inspector']);
  });

  it('take HTTP/1.0 for HTTP where the mesh does', () => {
    const scope = scopeOf([http]);
    const { filterChains } = built({ ...scope, features: { ...scope.features, http10: true } }).get('0.0.0.0_80');
    expect(filterChains[0].filterChainMatch.applicationProtocols).toEqual(['http/1.0', 'http/1.1', 'h2c']);
  });

  it('wait as long as the mesh says, where they look at the first bytes', () => {
    const scope = scopeOf([http, tcp]);
    const all = built({ ...scope, config: { ...scope.config, protocolDetectionTimeout: '3s' } });
    expect(all.get('0.0.0.0_80').listenerFiltersTimeout).toBe('3s');
    expect(all.get('10.0.0.2_5432').listenerFiltersTimeout).toBe('0s');
  });
});

describe('an Envoy without Istio’s filters', () => {
  it('gets none of them in any listener', () => {
    const serviceTargets = [{ service: http, port: port(80, 'HTTP'), targetPort: 8080 }];
    const all = built(scopeOf([http, tcp, auto]), { hasIstioExtensions: false, serviceTargets });

    expect(JSON.stringify([...all.values()])).not.toMatch(/"name":"istio\.|peer_metadata|metadataexchange|stats\.PluginConfig/);
  });
});

describe('the keys of listeners', () => {
  const scope = scopeOf([http, tcp, auto]);
  const whole = listenerKey({ serviceTargets: [{ service: http, port: port(80, 'HTTP'), targetPort: 8080 }] });

  /** The key, with a complaint for whoever looks at another property of the proxy. */
  function guarded(fields: readonly (keyof ListenerKey)[]): ListenerKey {
    const known: ReadonlySet<string | symbol> = new Set(fields);
    return new Proxy(whole, {
      get: (key, name) => (known.has(name) ? Reflect.get(key, name) : expect.fail(`${String(name)} is not in the key`)),
      ownKeys: () => [...fields],
    });
  }

  it.each<[string, readonly (keyof ListenerKey)[], (key: ListenerKey) => unknown]>([
    ['those that workloads share', tcpListenerFields, (key) => sharedListeners(scope, key)],
    ['those for HTTP', httpListenerFields, (key) => httpListeners(scope, key)],
    ['the inbound one', inboundListenerFields, (key) => inboundListeners(scope, key)],
  ])('hold everything that is read: %s', (_, fields, build) => {
    expect(build(guarded(fields))).toEqual(build(whole));
  });

  it('name the listeners that workloads share', () => {
    const names = sharedListeners(scope, whole).value.map(({ name }) => name);
    expect(names).toEqual(['10.0.0.2_5432', 'virtualOutbound']);
  });
});

describe('services of any kind', () => {
  const protocols = ['Auto', 'GRPC', 'GRPC-Web', 'HTTP', 'HTTP2', 'HTTPS', 'Mongo', 'MySQL', 'Redis', 'TCP', 'TLS', 'UDP'] as const;
  const anyService = fc
    .record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      protocol: fc.constantFrom(...protocols),
      number: fc.constantFrom(80, 443, 9000),
      addresses: fc.constantFrom([], ['10.0.0.1'], ['10.0.0.2'], ['10.0.0.0/24'], ['fd00::1']),
      registry: fc.constantFrom('Kubernetes' as const, 'External' as const),
    })
    .map(({ name, protocol, number, ...more }) => service(`${name}.shop.svc`, [port(number, protocol)], more));

  it('never give a listener two chains with one match, nor two listeners one name', () => {
    fc.assert(
      fc.property(fc.array(anyService, { maxLength: 6 }), (services) => {
        const all = listeners(scopeOf(services), listenerKey()).value;
        expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
        for (const { filterChains } of all) {
          const matches = filterChains.map(({ filterChainMatch }) => JSON.stringify(filterChainMatch));
          expect(new Set(matches).size).toBe(matches.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});
