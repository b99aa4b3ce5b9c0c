import { describe, expect, it } from 'vitest';
import { virtualService } from '../../../test/fixtures/listeners.ts';
import { routeJson, routesOf, webHost, webScope } from '../../../test/fixtures/routes.ts';
import type { HttpRoute } from '../../config/networking/virtual-service.ts';

const route = [{ destination: { host: webHost } }];
const cluster = `outbound|80||${webHost}`;

function rule(...http: readonly HttpRoute[]) {
  return virtualService('vs', { hosts: [webHost], http });
}

function pathsOf(...http: readonly HttpRoute[]) {
  return routesOf(rule(...http)).map(({ match }) => match.path ?? match.prefix);
}

describe('the routes of a VirtualService', () => {
  it('say where they come from and where they lead', () => {
    expect(routesOf(rule({ name: 'all', route, timeout: '5s', retries: {} }))).toEqual([
      {
        name: 'all',
        match: { prefix: '/' },
        route: { cluster, timeout: '5s', maxGrpcTimeout: '5s' },
        metadata: { filterMetadata: { istio: { config: '/apis/networking.istio.io/v1/namespaces/shop/virtual-service/vs' } } },
        decorator: { operation: `${webHost}:80/*` },
      },
    ]);
  });

  it('are one for each match, with its name and statistics', () => {
    const match = [{ name: 'm', uri: { exact: '/a' }, statPrefix: 'stats' }, { uri: { exact: '/b' } }];
    const [first, second] = routesOf(rule({ name: 'r', route, match }));

    expect([first.name, first.statPrefix, first.decorator.operation]).toEqual(['r.m', 'stats', `${webHost}:80/a`]);
    expect([second.name, second.statPrefix]).toEqual(['r', undefined]);
  });

  it.each<[string, readonly HttpRoute[], readonly string[]]>([
    ['a route without a match', [{ route }, { route, match: [{ uri: { exact: '/never' } }] }], ['/']],
    [
      'a match that takes everything',
      [{ route, match: [{ uri: { exact: '/a' } }, { uri: { prefix: '/' } }, { uri: { exact: '/b' } }] }, { route }],
      ['/a', '/'],
    ],
    [
      'not a match that is for others',
      [
        { route, match: [{ uri: { prefix: '/' }, port: 81 }] },
        { route, match: [{ uri: { exact: '/c' } }] },
      ],
      ['/c'],
    ],
  ])('end behind %s', (_, http, expected) => {
    expect(pathsOf(...http)).toEqual(expected);
  });

  it('leave out matches for other ports, sources and gateways', () => {
    const match = [{ port: 81 }, { sourceLabels: { app: 'x' } }, { sourceNamespace: 'bank' }, { gateways: ['shop/gw'] }];
    expect(routesOf(rule({ route, match }))).toEqual([]);
  });

  it('take the mesh’s retries where they have none of their own', () => {
    const scope = webScope();
    const mesh = { ...scope, config: { ...scope.config, defaultHttpRetryPolicy: { attempts: 9 } } };
    expect(routeJson({ route }, mesh).route.retryPolicy.numRetries).toBe(9);
    expect(routeJson({ route, retries: { attempts: 3 } }, mesh).route.retryPolicy.numRetries).toBe(3);
  });
});

describe('a route with one destination', () => {
  it('ignores its weight and takes over its headers behind the route’s own', () => {
    const { route: action, requestHeadersToAdd } = routeJson({
      headers: { request: { set: { z: '1' } } },
      route: [{ destination: { host: webHost, subset: 'v1' }, weight: 0, headers: { request: { add: { a: '2', host: 'dst' } } } }],
    });
    expect(action).toMatchObject({ cluster: `outbound|80|v1|${webHost}`, hostRewriteLiteral: 'dst' });
    expect(requestHeadersToAdd.map(({ header }: { readonly header: { readonly key: string } }) => header.key)).toEqual(['z', 'a']);
  });

  it.each<[string, HttpRoute, string]>([
    ['the rewrite', { rewrite: { authority: 'a' }, headers: { request: { set: { host: 'b' } } } }, 'a'],
    ['the route’s headers', { headers: { request: { set: { ':authority': 'b' } } } }, 'b'],
    ['the destination’s headers', {}, 'c'],
  ])('has the host of %s', (_, more, expected) => {
    const destinations = [{ destination: { host: webHost }, headers: { request: { set: { host: 'c' } } } }];
    expect(routeJson({ route: destinations, ...more }).route.hostRewriteLiteral).toBe(expected);
  });

  it('hashes by the rule of its host and then retries on the same one', () => {
    const rules = { [webHost]: { trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'h' } } } } };
    const { hashPolicy, retryPolicy } = routeJson({ route }, webScope({ rules })).route;
    expect(hashPolicy).toEqual([{ header: { headerName: 'h' } }]);
    expect(retryPolicy.retryHostPredicate).toBeUndefined();
  });
});

describe('a route with several destinations', () => {
  it('shares requests by weight; destinations without any get none', () => {
    const destinations = ['v1', 'v2', 'v3'].map((subset, index) => ({ destination: { host: webHost, subset }, weight: index * 40 }));
    const { route: action, decorator } = routeJson({ route: destinations });

    expect(action.weightedClusters.clusters).toEqual([
      { name: `outbound|80|v2|${webHost}`, weight: 40 },
      { name: `outbound|80|v3|${webHost}`, weight: 80 },
    ]);
    expect(decorator.operation).toBe('vs:80/*');
  });

  it('keeps each destination’s headers and host apart', () => {
    const headers = { request: { set: { ':authority': 'v1.example', a: '1' } }, response: { remove: ['b'] } };
    const destinations = [
      { destination: { host: webHost }, weight: 1, headers },
      { destination: { host: webHost }, weight: 1 },
    ];
    expect(routeJson({ route: destinations }).route.weightedClusters.clusters).toEqual([
      {
        name: cluster,
        weight: 1,
        hostRewriteLiteral: 'v1.example',
        requestHeadersToAdd: [{ header: { key: 'a', value: '1' }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' }],
        responseHeadersToRemove: ['b'],
      },
      { name: cluster, weight: 1 },
    ]);
  });

  it('hashes by the rules of all of them, and still retries on other hosts', () => {
    const rules = { [webHost]: { trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true } } } } };
    const destinations = [
      { destination: { host: webHost }, weight: 1 },
      { destination: { host: 'other' }, weight: 1 },
    ];
    const { hashPolicy, retryPolicy } = routeJson({ route: destinations }, webScope({ rules })).route;
    expect(hashPolicy).toEqual([{ connectionProperties: { sourceIp: true } }]);
    expect(retryPolicy.retryHostPredicate).toHaveLength(1);
  });
});

describe('other targets', () => {
  it.each<[string, HttpRoute, object]>([
    ['a redirect', { redirect: { uri: '/new' } }, { redirect: { pathRedirect: '/new' } }],
    [
      'a redirect before all others',
      { redirect: { uri: '/new' }, directResponse: { status: 200 } },
      { redirect: { pathRedirect: '/new' } },
    ],
    ['a direct response before destinations', { directResponse: { status: 503 } }, { directResponse: { status: 503 } }],
  ])('%s', (_, more, expected) => {
    const json = routeJson(more);
    expect(json).toMatchObject({ ...expected, decorator: { operation: 'vs:80/*' } });
    expect(json.route).toBeUndefined();
  });

  it('change headers as well', () => {
    const json = routeJson({ redirect: { uri: '/new' }, headers: { response: { remove: ['a'] } } });
    expect(json.responseHeadersToRemove).toEqual(['a']);
  });
});

describe('filters of one route', () => {
  it('are faults and CORS', () => {
    const filters = routeJson({ fault: { abort: { httpStatus: 500 } }, corsPolicy: { maxAge: '1s' } }).typedPerFilterConfig;
    expect(filters['envoy.filters.http.fault'].abort).toEqual({ httpStatus: 500 });
    expect(filters['envoy.filters.http.cors'].maxAge).toBe('1');
  });
});
