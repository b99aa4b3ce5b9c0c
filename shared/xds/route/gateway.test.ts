import { describe, expect, it } from 'vitest';
import { dumpGateway, gateway, gatewayNode, httpRule, server } from '../../../test/fixtures/gateways.ts';
import type { Json } from '../../../test/fixtures/listeners.ts';
import type { JsonObject } from '../../lib/json.ts';

type Objects = Parameters<typeof dumpGateway>[0];

function hostsOf(objects: Objects, node?: JsonObject): readonly Json[] {
  return dumpGateway(objects, node).routes[0].virtualHosts;
}

const clusters = ({ routes = [] }: Json) => routes.map(({ route }: Json) => route.cluster);
const domains = (objects: Objects) => hostsOf(objects).map((host) => host.domains);
const web = 'outbound|80||web.shop.svc.cluster.local';
/** The only port of the service. */
const api = 'outbound|8000||api.shop.svc.cluster.local';

describe('hosts of a gateway', () => {
  it.each<[string[], string[], string[]]>([
    [['*'], ['a.example.com'], ['a.example.com']],
    [['*.example.com'], ['a.example.com', 'a.other.com'], ['a.example.com']],
    [['a.example.com'], ['*.example.com'], ['a.example.com']],
    [['*.b.example.com'], ['*.example.com'], ['*.b.example.com']],
    [['shop/*'], ['a.example.com'], ['a.example.com']],
    [['./*'], ['a.example.com'], ['a.example.com']],
    [['other/*'], ['a.example.com'], ['*']],
  ])('servers %j and rules %j have %j in common; * without any is answered 404', (served, ruled, expected) => {
    expect(domains([gateway('gw', [server(80, 'HTTP', served)]), httpRule('a', ruled, 'web')])).toEqual([expected]);
  });

  it('without any rule answer nothing', () => {
    const [host] = hostsOf([gateway('gw', [server(80, 'HTTP', ['*'])])]);
    expect(host).toEqual({ name: 'blackhole:80', domains: ['*'] });
  });

  it('are together where the same rules route them, the longest first and wildcards last', () => {
    const hosts = ['*.longest.example.com', 'b.example.com', 'longer.example.com', 'a.example.com'];
    const found = hostsOf([gateway('gw', [server(80, 'HTTP', ['*'])]), httpRule('a', hosts, 'web')]);
    expect(found.map(({ name, domains: own }) => ({ name, own }))).toEqual([
      { name: 'longer.example.com:80', own: ['longer.example.com', 'a.example.com', 'b.example.com', '*.longest.example.com'] },
    ]);
  });
});

describe('several VirtualServices of one host', () => {
  const plain = gateway('gw', [server(80, 'HTTP', ['*'])]);
  const older = { creationTimestamp: '2025-01-01T00:00:00Z' };

  it('add their routes, the oldest first, those for every request behind all others', () => {
    const http = [{ match: [{ uri: { prefix: '/api' } }], route: [{ destination: { host: 'api' } }] }];
    const [host] = hostsOf([plain, httpRule('b', ['a.example.com'], 'api', { http }), httpRule('a', ['a.example.com'], 'web', {}, older)]);
    expect(clusters(host)).toEqual([api, web]);
  });

  it('of a wildcard and a name in it are two hosts', () => {
    const found = domains([plain, httpRule('a', ['*.example.com'], 'web'), httpRule('b', ['a.example.com'], 'api')]);
    expect(found).toEqual([['*.example.com'], ['a.example.com']]);
  });
});

describe('matches', () => {
  const routesFor = (match: JsonObject) =>
    hostsOf([
      gateway('gw', [server(80, 'HTTP', ['*'])]),
      httpRule('a', ['a.example.com'], 'web', {
        gateways: ['gw', 'mesh'],
        http: [{ match: [match], route: [{ destination: { host: 'web' } }] }],
      }),
    ])[0].routes?.length ?? 0;

  it.each<[JsonObject, number]>([
    [{ gateways: ['gw'] }, 1],
    [{ gateways: ['shop/gw'] }, 1],
    [{ gateways: ['gw.shop.svc.cluster.local'] }, 1],
    [{ gateways: ['mesh'] }, 0],
    [{ port: 80 }, 1],
    [{ port: 8080 }, 0],
  ])('%j of a route are for the gateway and the server’s own port', (match, expected) => {
    expect(routesFor(match)).toBe(expected);
  });
});

describe('httpsRedirect', () => {
  const redirecting = server(80, 'HTTP', ['a.example.com', 'b.example.com'], { tls: { httpsRedirect: true } });

  it('holds for hosts with and without routes', () => {
    const found = hostsOf([gateway('gw', [redirecting]), httpRule('a', ['a.example.com'], 'web')]);
    expect(found.map(({ domains: own, requireTls }) => [own, requireTls])).toEqual([
      [['a.example.com'], 'ALL'],
      [['b.example.com'], 'ALL'],
    ]);
  });

  it('leaves the hosts of other servers alone', () => {
    const found = hostsOf([gateway('gw', [redirecting, server(80, 'HTTP', ['c.example.com'])]), httpRule('c', ['c.example.com'], 'web')]);
    expect(found.map(({ requireTls }) => requireTls)).toEqual(['ALL', undefined]);
  });
});

describe('names of routes', () => {
  const tls = { mode: 'SIMPLE', credentialName: 'c' };

  it.each<[JsonObject, string]>([
    [server(80, 'HTTP', ['*']), 'http.8080'],
    [server(80, 'HTTP', ['*'], { bind: '10.1.0.9' }), 'http.8080.10.1.0.9'],
    [server(443, 'HTTPS', ['*'], { tls }), 'https.443.https-443.gw.shop'],
    [server(443, 'HTTPS', ['*'], { tls, bind: '10.1.0.9' }), 'https.443.https-443.gw.shop.10.1.0.9'],
  ])('%j is %s', (one, expected) => {
    expect(dumpGateway([gateway('gw', [one])]).routes.map(({ name }) => name)).toEqual([expected]);
  });
});

it('a redirect to the port of the request does not name the one that HTTPS has anyway', () => {
  const http = [{ redirect: { uri: '/new', derivePort: 'FROM_REQUEST_PORT' } }];
  const tls = { mode: 'SIMPLE', credentialName: 'c' };
  const [host] = hostsOf([gateway('gw', [server(443, 'HTTPS', ['*'], { tls })]), httpRule('a', ['*'], 'web', { http })]);
  expect(host.routes[0].redirect).toEqual({ pathRedirect: '/new' });
});

it('a gateway whose pod is unknown is picked by the labels that it tells of itself', () => {
  const unknown = { ...gatewayNode({ LABELS: { istio: 'ingressgateway' } }), id: 'router~10.1.0.7~vm.shop~shop.svc.cluster.local' };
  const { routes } = dumpGateway([gateway('gw', [server(80, 'HTTP', ['*'])]), httpRule('a', ['*'], 'web')], unknown);
  expect(routes.map(({ name }) => name)).toEqual(['http.80']);
});
