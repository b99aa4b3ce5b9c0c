import { describe, expect, it } from 'vitest';
import { dumpGateway, gateway, gatewayNode, httpRule, server } from '../../../test/fixtures/gateways.ts';
import { config } from '../../../test/fixtures/kubernetes-world.ts';
import type { Json } from '../../../test/fixtures/listeners.ts';
import { meshDefaults } from '../../config/mesh/mesh-config.ts';
import type { JsonObject } from '../../lib/json.ts';
import { defaultFeatures } from '../../model/index.ts';

const to = (host: string, port: number) => [{ destination: { host, port: { number: port } } }];
const names = ({ filters }: Json): readonly string[] => filters.map(({ name }: Json) => name.split('.').at(-1));
const serverNames = ({ filterChains }: Json) => filterChains.map(({ filterChainMatch }: Json) => filterChainMatch?.serverNames);
const tlsOf = (chain: Json) => chain.transportSocket.typedConfig;

function https(tls: JsonObject, more: JsonObject = {}) {
  return dumpGateway([gateway('gw', [server(443, 'HTTPS', ['a.example.com'], { tls, ...more })])]).listeners[0].filterChains[0];
}

describe('a server of plain HTTP', () => {
  it('listens at the target port of the gateway’s service, with one chain and no TLS inspector', () => {
    const { listeners } = dumpGateway([gateway('gw', [server(80, 'HTTP', ['*'])])]);
    expect(listeners).toMatchObject([{ name: '0.0.0.0_8080', trafficDirection: 'OUTBOUND', filterChains: [{}] }]);
    expect(listeners[0].listenerFilters).toBeUndefined();
    expect(listeners[0].filterChains[0].filterChainMatch).toBeUndefined();
  });

  it('listens where it is bound', () => {
    const { listeners } = dumpGateway([gateway('gw', [server(80, 'HTTP', ['*'], { bind: '10.1.0.9' })])]);
    expect(listeners).toMatchObject([{ name: '10.1.0.9_8080', address: { socketAddress: { address: '10.1.0.9' } } }]);
  });

  it.each<[object, object]>([
    [{}, { forwardClientCertDetails: 'SANITIZE_SET' }],
    [{ gatewayTopology: { numTrustedProxies: 2 } }, { xffNumTrustedHops: 2, forwardClientCertDetails: 'SANITIZE_SET' }],
    [{ gatewayTopology: { forwardClientCertDetails: 'APPEND_FORWARD' } }, { forwardClientCertDetails: 'APPEND_FORWARD' }],
    [
      { gatewayTopology: { forwardClientCertDetails: 'APPEND_FORWARD' }, proxyHeaders: { forwardedClientCert: 'FORWARD_ONLY' } },
      { forwardClientCertDetails: 'FORWARD_ONLY' },
    ],
  ])('trusts what stands before it as its ProxyConfig says: %j', (proxyConfig, expected) => {
    const { listeners } = dumpGateway(
      [gateway('gw', [server(80, 'HTTP', ['*'])])],
      gatewayNode({ PROXY_CONFIG: proxyConfig as JsonObject }),
    );
    expect(listeners[0].filterChains[0].filters[0].typedConfig).toMatchObject({ useRemoteAddress: true, ...expected });
  });

  it('reads the PROXY protocol before everything else, if the mesh’s topology has it', () => {
    const world = { config: { ...meshDefaults, defaultConfig: { gatewayTopology: { proxyProtocol: {} } } } };
    const servers = [server(443, 'TLS', ['a.example.com'], { tls: { mode: 'SIMPLE', credentialName: 'c' } })];
    const rule = config('VirtualService', 'a', { hosts: ['a.example.com'], gateways: ['gw'], tcp: [{ route: to('web', 80) }] });
    const { listeners } = dumpGateway([gateway('gw', servers), rule], gatewayNode(), world);
    expect(listeners[0].listenerFilters.map(({ name }: Json) => name)).toEqual([
      'envoy.filters.listener.proxy_protocol',
      'envoy.filters.listener.tls_inspector',
    ]);
  });
});

describe('TLS that ends at the gateway', () => {
  it.each<[JsonObject, readonly string[], string | undefined, boolean]>([
    [{ mode: 'SIMPLE', credentialName: 'c' }, ['kubernetes://c'], undefined, false],
    [{ mode: 'MUTUAL', credentialName: 'c' }, ['kubernetes://c'], 'kubernetes://c-cacert', true],
    [{ mode: 'OPTIONAL_MUTUAL', credentialName: 'c' }, ['kubernetes://c'], 'kubernetes://c-cacert', false],
    [{ mode: 'MUTUAL', credentialName: 'c', caCertCredentialName: 'ca' }, ['kubernetes://c'], 'kubernetes://ca', true],
    [{ mode: 'MUTUAL', credentialNames: ['rsa', 'ec'] }, ['kubernetes://rsa', 'kubernetes://ec'], 'kubernetes://rsa-cacert', true],
    [{ mode: 'SIMPLE', serverCertificate: '/c', privateKey: '/k' }, ['file-cert:/c~/k'], undefined, false],
    [{ mode: 'MUTUAL', serverCertificate: '/c', privateKey: '/k', caCertificates: '/r' }, ['file-cert:/c~/k'], 'file-root:/r', true],
    [{ mode: 'SIMPLE', tlsCertificates: [{ serverCertificate: '/c', privateKey: '/k' }] }, ['file-cert:/c~/k'], undefined, false],
    [{ mode: 'ISTIO_MUTUAL' }, ['default'], 'ROOTCA', true],
  ])('%j shows %j, checks against %s, demands a certificate: %s', (tls, certificates, authority, isRequired) => {
    const { commonTlsContext, requireClientCertificate } = tlsOf(https(tls));
    expect(commonTlsContext.tlsCertificateSdsSecretConfigs.map(({ name }: Json) => name)).toEqual(certificates);
    expect(commonTlsContext.combinedValidationContext?.validationContextSdsSecretConfig.name).toBe(authority);
    expect(requireClientCertificate).toBe(isRequired);
    expect(commonTlsContext.alpnProtocols).toEqual(['h2', 'http/1.1']);
  });

  it.each<[JsonObject, object | undefined]>([
    [{}, undefined],
    [{ minProtocolVersion: 'TLSV1_3' }, { tlsMinimumProtocolVersion: 'TLSv1_3' }],
    [{ maxProtocolVersion: 'TLSV1_2' }, { tlsMaximumProtocolVersion: 'TLSv1_2' }],
    [{ cipherSuites: ['AES128-SHA', 'NO-SUCH', 'AES128-SHA'] }, { cipherSuites: ['AES128-SHA'] }],
  ])('has versions and suites as asked, those that Envoy knows: %j', (tls, expected) => {
    expect(tlsOf(https({ mode: 'SIMPLE', credentialName: 'c', ...tls })).commonTlsContext.tlsParams).toEqual(expected);
  });

  it('falls back on the mesh’s TLS defaults', () => {
    const world = { config: { ...meshDefaults, tlsDefaults: { minProtocolVersion: 'TLSV1_3', ecdhCurves: ['P-256'] } } } as const;
    const servers = [server(443, 'HTTPS', ['*'], { tls: { mode: 'SIMPLE', credentialName: 'c' } })];
    const chain = dumpGateway([gateway('gw', servers)], gatewayNode(), world).listeners[0].filterChains[0];
    expect(tlsOf(chain).commonTlsContext.tlsParams).toEqual({ tlsMinimumProtocolVersion: 'TLSv1_3', ecdhCurves: ['P-256'] });
  });

  it('checks the names and hashes of clients’ certificates', () => {
    const tls = { mode: 'MUTUAL', credentialName: 'c', subjectAltNames: ['client'], verifyCertificateHash: ['aa'] };
    expect(tlsOf(https(tls)).commonTlsContext.combinedValidationContext.defaultValidationContext).toEqual({
      matchSubjectAltNames: [{ exact: 'client' }],
      verifyCertificateHash: ['aa'],
    });
  });

  it('counts requests under the server’s name, if it has one', () => {
    const tls = { mode: 'SIMPLE', credentialName: 'c' };
    expect(https(tls).filters[0].typedConfig.statPrefix).toBe('outbound_0.0.0.0_8443;');
    expect(https(tls, { name: 'shop' }).filters[0].typedConfig.statPrefix).toBe('shop');
  });

  it('takes every server name for the host *', () => {
    const servers = [server(443, 'HTTPS', ['*'], { tls: { mode: 'SIMPLE', credentialName: 'c' } })];
    const { listeners } = dumpGateway([gateway('gw', servers)]);
    expect(serverNames(listeners[0])).toEqual([undefined]);
  });

  it('exchanges who is who with proxies of the mesh that speak TCP inside', () => {
    const rule = config('VirtualService', 'a', { hosts: ['a.example.com'], gateways: ['gw'], tcp: [{ route: to('web', 80) }] });
    const servers = [server(9443, 'TLS', ['a.example.com'], { tls: { mode: 'ISTIO_MUTUAL' } })];
    const [chain] = dumpGateway([gateway('gw', servers), rule]).listeners[0].filterChains;
    expect(names(chain)).toEqual(['metadata_exchange', 'tcp_proxy']);
    expect(tlsOf(chain).commonTlsContext.alpnProtocols).toEqual(['istio-peer-exchange', 'h2', 'http/1.1']);
  });
});

describe('TCP', () => {
  const tcp = gateway('gw', [server(9000, 'TCP', ['*'])]);
  const rule = (match: JsonObject[], more: JsonObject = {}) =>
    config('VirtualService', 'a', { hosts: ['*'], gateways: ['gw'], tcp: [{ match, route: to('web', 80) }], ...more });
  const clusterOf = (objects: Parameters<typeof dumpGateway>[0]) =>
    dumpGateway(objects).listeners[0]?.filterChains[0].filters[0].typedConfig;

  it.each<[string, JsonObject[], boolean]>([
    ['any', [], true],
    ['its port', [{ port: 9000 }], true],
    ['another port', [{ port: 9001 }], false],
    ['its gateway', [{ gateways: ['gw'] }], true],
    ['another gateway', [{ gateways: ['shop/other'] }], false],
    ['one of two', [{ port: 9001 }, { port: 9000 }], true],
  ])('goes to the first route that is for %s; without one nobody listens', (_, match, isServed) => {
    expect(clusterOf([tcp, rule(match)])?.cluster).toBe(isServed ? 'outbound|80||web.shop.svc.cluster.local' : undefined);
  });

  it('is split by weights', () => {
    const route = [
      { destination: { host: 'web', port: { number: 80 } }, weight: 3 },
      { destination: { host: 'api', port: { number: 8000 } }, weight: 1 },
    ];
    const { weightedClusters, statPrefix } = clusterOf([tcp, rule([], { tcp: [{ route }] })]);
    expect(weightedClusters.clusters.map(({ weight }: Json) => weight)).toEqual([3, 1]);
    expect(statPrefix).toBe('a.shop');
  });
});

it.each<[string, string, boolean]>([
  ['*', 'a.example.com', true],
  ['a.example.com', '*.example.com', true],
  ['*.a.example.com', '*.example.com', true],
  ['other/*', '*', false],
  ['b.example.com', 'a.example.com', false],
])('TCP of a server for %s follows a rule for %s: %s', (served, ruled, isFollowed) => {
  const rule = config('VirtualService', 'a', { hosts: [ruled], gateways: ['gw'], tcp: [{ route: to('web', 80) }] });
  expect(dumpGateway([gateway('gw', [server(9000, 'TCP', [served])]), rule]).listeners).toHaveLength(isFollowed ? 1 : 0);
});

describe('TLS that goes through', () => {
  const through = gateway('gw', [server(443, 'TLS', ['*.example.com'], { tls: { mode: 'PASSTHROUGH' } })]);
  const rule = (name: string, sniHosts: string[], more: JsonObject = {}) =>
    config('VirtualService', name, {
      hosts: ['*.example.com'],
      gateways: ['gw'],
      tls: [{ match: [{ sniHosts, ...more }], route: to('web', 80) }],
    });

  it('has a chain for each match, by its server names, and no TLS of its own', () => {
    const [listener] = dumpGateway([through, rule('a', ['b.example.com', 'a.example.com']), rule('b', ['c.example.com'])]).listeners;
    expect(serverNames(listener)).toEqual([['a.example.com', 'b.example.com'], ['c.example.com']]);
    expect(listener.filterChains[0].transportSocket).toBeUndefined();
    expect(listener.listenerFilters.map(({ name }: Json) => name)).toEqual(['envoy.filters.listener.tls_inspector']);
  });

  it('leaves out a match whose server name is taken, with a problem', () => {
    const { listeners, problems } = dumpGateway([through, rule('a', ['a.example.com']), rule('b', ['b.example.com', 'a.example.com'])]);
    expect(serverNames(listeners[0])).toEqual([['a.example.com']]);
    expect(problems).toMatchObject([{ object: 'VirtualService shop/b', path: 'spec.tls[0].match[0]' }]);
  });

  it('is not listened for where no route is for the port', () => {
    expect(dumpGateway([through, rule('a', ['a.example.com'], { port: 444 })]).listeners).toEqual([]);
  });
});

describe('traffic of the mesh from other networks', () => {
  const servers = [server(15443, 'TLS', ['*.local'], { tls: { mode: 'AUTO_PASSTHROUGH' } })];

  it('goes to every port and subset by the name that the mesh’s mutual TLS has for it', () => {
    const subsets = config('DestinationRule', 'web', { host: 'web', subsets: [{ name: 'v1', labels: { version: 'v1' } }] });
    const { listeners, clusters, endpoints } = dumpGateway([gateway('gw', servers), subsets]);
    const chains = listeners[0].filterChains.filter(({ filterChainMatch }: Json) => filterChainMatch.serverNames[0].includes('web'));
    const wanted = ['outbound_.80_._.web.shop.svc.cluster.local', 'outbound_.80_.v1_.web.shop.svc.cluster.local'];
    expect(chains.map(({ filterChainMatch }: Json) => filterChainMatch.serverNames[0])).toEqual(wanted);
    expect(clusters.filter(({ name }) => wanted.includes(name)).map(({ transportSocketMatches }) => transportSocketMatches)).toEqual([
      undefined,
      undefined,
    ]);
    expect(endpoints.filter(({ clusterName }) => wanted.includes(clusterName))).toHaveLength(2);
  });

  it('reaches only hosts of the server', () => {
    const narrow = [server(15443, 'TLS', ['web.shop.svc.cluster.local'], { tls: { mode: 'AUTO_PASSTHROUGH' } })];
    const { listeners } = dumpGateway([gateway('gw', narrow)]);
    expect(serverNames(listeners[0])).toEqual([['outbound_.80_._.web.shop.svc.cluster.local']]);
  });
});

it.each<[boolean, number]>([
  [false, 1],
  [true, 0],
])('Gateways pick proxies of other namespaces, unless they are scoped to theirs (%s)', (scopesGateways, expected) => {
  const other = gateway('gw', [server(80, 'HTTP', ['*'])], { namespace: 'other' });
  expect(dumpGateway([other], gatewayNode(), { features: { ...defaultFeatures, scopesGateways } }).listeners).toHaveLength(expected);
});

it('proxies that no Gateway picks listen for nothing', () => {
  const other = config('Gateway', 'gw', { selector: { istio: 'other' }, servers: [server(80, 'HTTP', ['*'])] });
  expect(dumpGateway([other, httpRule('a', ['*'], 'web')])).toMatchObject({ listeners: [], routes: [] });
});
