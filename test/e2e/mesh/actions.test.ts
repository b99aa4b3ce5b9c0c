import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { poll } from '../apiserver/poll.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { destinationRule, virtualService } from './objects.ts';
import { type Row, RowMesh } from './row-mesh.ts';

const versions = ['v1', 'v2'];
const mesh = new RowMesh({ subnet: '127.0.5', versions });

/** One route to `v1`, with more fields. */
function route(fields: JsonObject, check: (row: Row) => Promise<void>): () => Promise<void> {
  return routes([fields], check);
}

/** Routes with the given fields, to `v1` unless they say otherwise. */
function routes(http: readonly JsonObject[], check: (row: Row) => Promise<void>): () => Promise<void> {
  return mesh.row(({ host }) => {
    const withHost = (fields: JsonObject): JsonObject => JSON.parse(JSON.stringify(fields).replaceAll('"web"', `"${host}"`));
    return [
      virtualService(
        host,
        http.map((fields) => withHost({ route: [toV1], ...fields })),
      ),
      destinationRule(host, versions),
    ];
  }, check);
}

/** `web` is the row’s host. */
const toV1: JsonObject = { destination: { host: 'web', subset: 'v1' } };
const toV2: JsonObject = { destination: { host: 'web', subset: 'v2' } };
const instead = (fields: JsonObject): JsonObject => ({ route: undefined, ...fields });

/** Within five standard deviations: one run in two million is outside by chance. */
function expectShare(found: number, { of, share }: { readonly of: number; readonly share: number }): void {
  expect(Math.abs(found - of * share)).toBeLessThanOrEqual(5 * Math.sqrt(of * share * (1 - share)));
}

const preflight = { method: 'OPTIONS', headers: { origin: 'https://shop.test', 'access-control-request-method': 'PUT' } };
const corsPolicy: JsonObject = {
  allowOrigins: [{ exact: 'https://shop.test' }, { regex: 'https://[a-z]+\\.partner\\.test' }],
  allowMethods: ['PUT', 'GET'],
  allowHeaders: ['x-token'],
  exposeHeaders: ['x-total'],
  allowCredentials: true,
  maxAge: '90s',
};

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('a route of a VirtualService', { timeout: 60_000 }, () => {
  beforeAll(() => mesh.start(), 180_000);
  afterAll(() => mesh.stop());

  it(
    'puts rewrite.uri in the place of the prefix that matched',
    route({ match: [{ uri: { prefix: '/old' } }], rewrite: { uri: '/new' } }, async (row) => {
      await row.send({ path: '/old/a?q=1' });
      expect(row.backend('v1').last?.path).toBe('/new/a?q=1');
    }),
  );

  it(
    'rewrites the path by uriRegexRewrite',
    route({ rewrite: { uriRegexRewrite: { match: '/users/(\\d+)/(.*)', rewrite: '/\\2/of/\\1' } } }, async (row) => {
      await row.send({ path: '/users/42/orders' });
      expect(row.backend('v1').last?.path).toBe('/orders/of/42');
    }),
  );

  it(
    'rewrites the authority',
    route({ rewrite: { authority: 'inner.test' } }, async (row) => {
      await row.send();
      expect(row.backend('v1').last?.headers.host).toBe('inner.test');
    }),
  );

  it(
    'redirects to another path and host, with 301 unless told otherwise',
    routes(
      [
        instead({ match: [{ uri: { prefix: '/old' } }], redirect: { uri: '/new', authority: 'other.test' } }),
        instead({ redirect: { scheme: 'https', port: 8443, redirectCode: 308 } }),
      ],
      async (row) => {
        const [first, second] = [await row.send({ path: '/old/a' }), await row.send({ path: '/b?q=1' })];
        expect([first.status, first.headers.location]).toEqual([301, 'http://other.test/new']);
        expect([second.status, second.headers.location]).toEqual([308, `https://${row.host}:8443/b?q=1`]);
        expect(row.counts).toEqual({ v1: 0, v2: 0 });
      },
    ),
  );

  it(
    'answers directly',
    route(instead({ directResponse: { status: 503, body: { string: 'closed today' } } }), async (row) => {
      expect(await row.send()).toMatchObject({ status: 503, body: 'closed today' });
      expect(row.counts).toEqual({ v1: 0, v2: 0 });
    }),
  );

  it(
    'mirrors every request, and answers with what its destination says',
    route({ mirror: { host: 'web', subset: 'v2' } }, async (row) => {
      const answers = await row.sendMany(10, { path: '/mirrored' });
      expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['v1']));
      await poll(async () => (row.backend('v2').requests === 10 ? true : undefined), { what: 'all are mirrored' });
      expect(row.backend('v2').last).toMatchObject({ path: '/mirrored', headers: { host: row.host } });
      expect(row.backend('v1').requests).toBe(10);
    }),
  );

  it(
    'mirrors a percentage of requests',
    route({ mirror: { host: 'web', subset: 'v2' }, mirrorPercentage: { value: 30 } }, async (row) => {
      await row.sendMany(400);
      await poll(
        async () =>
          (await row.envoy.stat(`cluster.outbound\\|${row.port}\\|v2\\|${row.host}\\..*upstream_rq_active$`)) === 0 ? true : undefined,
        { what: 'no copy is on its way' },
      );
      expectShare(row.backend('v2').requests, { of: 400, share: 0.3 });
    }),
  );

  it(
    'mirrors to each of mirrors',
    route({ mirrors: versions.map((subset) => ({ destination: { host: 'web', subset } })) }, async (row) => {
      await row.sendMany(5);
      await poll(async () => (row.backend('v1').requests === 10 && row.backend('v2').requests === 5 ? true : undefined), {
        what: 'each has its copies',
      });
    }),
  );

  it(
    'aborts a percentage of requests',
    route({ fault: { abort: { httpStatus: 418, percentage: { value: 25 } } } }, async (row) => {
      const aborted = (await row.sendMany(400)).filter(({ status }) => status === 418).length;
      expectShare(aborted, { of: 400, share: 0.25 });
      expect(row.backend('v1').requests).toBe(400 - aborted);
    }),
  );

  it(
    'aborts gRPC calls with a gRPC status',
    route({ fault: { abort: { grpcStatus: 'RESOURCE_EXHAUSTED', percentage: { value: 100 } } } }, async (row) => {
      const { status, headers } = await row.send({
        method: 'POST',
        path: '/shop.Cart/Add',
        headers: { 'content-type': 'application/grpc', te: 'trailers' },
      });
      expect([status, headers['grpc-status']]).toEqual([200, '8']);
      expect(row.backend('v1').requests).toBe(0);
    }),
  );

  it(
    'answers a CORS preflight itself',
    route({ corsPolicy }, async (row) => {
      const { status, headers } = await row.send(preflight);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'access-control-allow-origin': 'https://shop.test',
        'access-control-allow-methods': 'PUT,GET',
        'access-control-allow-headers': 'x-token',
        'access-control-allow-credentials': 'true',
        'access-control-max-age': '90',
      });
      expect(row.backend('v1').requests).toBe(0);
    }),
  );

  it(
    'lets scripts of allowed origins alone read its answers',
    route({ corsPolicy }, async (row) => {
      const allowed = await row.send({ headers: { origin: 'https://big.partner.test' } });
      expect(allowed.headers).toMatchObject({
        'access-control-allow-origin': 'https://big.partner.test',
        'access-control-expose-headers': 'x-total',
      });
      const other = await row.send({ headers: { origin: 'https://big.partner.test.evil' } });
      expect(other.headers['access-control-allow-origin']).toBeUndefined();
      expect(row.backend('v1').requests).toBe(2);
    }),
  );

  it(
    'forwards preflights of other origins, unless it is to ignore them',
    routes(
      [{ match: [{ uri: { prefix: '/ignore' } }], corsPolicy: { ...corsPolicy, unmatchedPreflights: 'IGNORE' } }, { corsPolicy }],
      async (row) => {
        const foreign = { ...preflight, headers: { ...preflight.headers, origin: 'https://evil.test' } };
        await row.send(foreign);
        expect(row.backend('v1').last?.method).toBe('OPTIONS');
        row.backend('v1').reset();
        const { status, headers } = await row.send({ ...foreign, path: '/ignore' });
        expect([status, headers['access-control-allow-origin'], row.backend('v1').requests]).toEqual([200, undefined, 0]);
      },
    ),
  );

  it(
    'sets, adds and removes headers of requests',
    route({ headers: { request: { set: { one: 'new' }, add: { two: 'more' }, remove: ['three'] } } }, async (row) => {
      await row.send({ headers: { one: 'old', two: 'some', three: 'gone', four: 'kept' } });
      const { one, two, three, four } = row.backend('v1').last?.headers ?? {};
      expect({ one, two, three, four }).toEqual({ one: 'new', two: 'some, more', three: undefined, four: 'kept' });
    }),
  );

  it(
    'sets, adds and removes headers of responses',
    route({ headers: { response: { set: { one: 'new' }, add: { two: 'more' }, remove: ['three'] } } }, async (row) => {
      row.backend('v1').behaviour = { ...row.backend('v1').behaviour, headers: { one: 'old', two: 'some', three: 'gone' } };
      const { one, two, three } = (await row.send()).headers;
      expect({ one, two, three }).toEqual({ one: 'new', two: 'some, more', three: undefined });
    }),
  );

  it(
    'changes headers for each of its destinations',
    route(
      {
        headers: { request: { set: { level: 'route' } } },
        route: [
          { ...toV1, weight: 50, headers: { request: { set: { to: 'one' } }, response: { set: { by: 'one' } } } },
          { ...toV2, weight: 50, headers: { request: { set: { to: 'two' } }, response: { set: { by: 'two' } } } },
        ],
      },
      async (row) => {
        const answers = await row.sendMany(40);
        expect(new Set(answers.map(({ body, headers }) => `${body} ${headers['by']}`))).toEqual(new Set(['v1 one', 'v2 two']));
        const { v1, v2 } = Object.fromEntries(row.backends.map(({ version, last }) => [version, last?.headers]));
        expect([v1?.['to'], v1?.['level'], v2?.['to'], v2?.['level']]).toEqual(['one', 'route', 'two', 'route']);
      },
    ),
  );

  it(
    'changes headers for its only destination',
    route({ route: [{ ...toV1, headers: { request: { set: { to: 'one' } } } }] }, async (row) => {
      await row.send();
      expect(row.backend('v1').last?.headers['to']).toBe('one');
    }),
  );

  it(
    'sets the authority as a header',
    route({ headers: { request: { set: { ':authority': 'inner.test' } } } }, async (row) => {
      await row.send();
      expect(row.backend('v1').last?.headers.host).toBe('inner.test');
    }),
  );

  it(
    'sends nothing to a destination of weight 0',
    route(
      {
        route: [
          { ...toV1, weight: 0 },
          { ...toV2, weight: 1 },
        ],
      },
      async (row) => {
        await row.sendMany(40);
        expect(row.counts).toEqual({ v1: 0, v2: 40 });
      },
    ),
  );

  it(
    'without retries asks once if the answer is 503',
    mesh.row(
      ({ host }) => [virtualService(host, [{ route: [{ destination: { host } }] }])],
      async (row) => {
        // The default is not to repeat what an application may have begun to do.
        for (const backend of row.backends) backend.behaviour = { ...backend.behaviour, status: 503 };
        expect((await row.send()).status).toBe(503);
        expect(row.requests).toBe(1);
      },
    ),
  );

  it(
    'tries again for a status code in retryOn, elsewhere than before',
    mesh.row(
      ({ host }) => [virtualService(host, [{ route: [{ destination: { host } }], retries: { attempts: 3, retryOn: '418' } }])],
      async (row) => {
        row.backend('v1').behaviour = { ...row.backend('v1').behaviour, status: 418 };
        const answers = await row.sendMany(30);
        expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['200 v2']));
        expect(row.backend('v1').requests).toBeGreaterThan(0);
      },
    ),
  );

  it(
    'gives each try perTryTimeout',
    mesh.row(
      ({ host }) => [
        virtualService(host, [{ route: [{ destination: { host } }], retries: { attempts: 3, perTryTimeout: '0.2s', retryOn: '5xx' } }]),
      ],
      async (row) => {
        row.backend('v1').behaviour = { ...row.backend('v1').behaviour, delayMs: 20_000 };
        const answers = await row.sendMany(8);
        expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['200 v2']));
        expect(row.backend('v1').requests).toBeGreaterThan(0);
      },
    ),
  );

  it(
    'is one of the delegate, and inherits what that leaves open',
    mesh.row(
      ({ host }) => {
        const { spec, ...inner } = virtualService(`${host}-inner`, [{ route: [{ destination: { host, subset: 'v2' } }] }]);
        const { hosts: _, ...delegate } = spec as JsonObject;
        return [
          virtualService(host, [{ delegate: { name: `${host}-inner` }, headers: { request: { set: { level: 'root' } } } }]),
          { ...inner, spec: delegate },
          destinationRule(host, versions),
        ];
      },
      async (row) => {
        expect((await row.send()).body).toBe('v2');
        expect(row.backend('v2').last?.headers['level']).toBe('root');
      },
    ),
  );

  it('makes Envoy refuse nothing', async () => expect(await mesh.faults()).toEqual([0, 0]));
});
