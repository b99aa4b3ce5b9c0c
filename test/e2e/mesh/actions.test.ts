import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { poll } from '../apiserver/poll.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { destinationRule, virtualService } from './objects.ts';
import { RouteRows, toV1, toV2 } from './route-rows.ts';
import { RowMesh } from './row-mesh.ts';
import { expectShare } from './share.ts';

const mesh = new RowMesh({ subnet: '127.0.5', versions: ['v1', 'v2'] });
const rows = new RouteRows(mesh);

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('a route of a VirtualService', { timeout: 60_000 }, () => {
  beforeAll(() => mesh.start(), 180_000);
  afterAll(() => mesh.stop());

  it(
    'puts rewrite.uri in the place of the prefix that matched',
    rows.route({ match: [{ uri: { prefix: '/old' } }], rewrite: { uri: '/new' } }, async (row) => {
      await row.send({ path: '/old/a?q=1' });
      expect(row.backend('v1').last?.path).toBe('/new/a?q=1');
    }),
  );

  it(
    'rewrites the path by uriRegexRewrite',
    rows.route({ rewrite: { uriRegexRewrite: { match: '/users/(\\d+)/(.*)', rewrite: '/\\2/of/\\1' } } }, async (row) => {
      await row.send({ path: '/users/42/orders' });
      expect(row.backend('v1').last?.path).toBe('/orders/of/42');
    }),
  );

  it(
    'rewrites the authority',
    rows.route({ rewrite: { authority: 'inner.test' } }, async (row) => {
      await row.send();
      expect(row.backend('v1').last?.headers.host).toBe('inner.test');
    }),
  );

  it(
    'redirects to another path and host, with 301 unless told otherwise',
    rows.routes(
      [
        { match: [{ uri: { prefix: '/old' } }], redirect: { uri: '/new', authority: 'other.test' } },
        { redirect: { scheme: 'https', port: 8443, redirectCode: 308 } },
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
    rows.route({ directResponse: { status: 503, body: { string: 'closed today' } } }, async (row) => {
      expect(await row.send()).toMatchObject({ status: 503, body: 'closed today' });
      expect(row.counts).toEqual({ v1: 0, v2: 0 });
    }),
  );

  it(
    'mirrors every request, and answers with what its destination says',
    rows.route({ mirror: { host: 'web', subset: 'v2' } }, async (row) => {
      const answers = await row.sendMany(10, { path: '/mirrored' });
      expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['v1']));
      await poll(async () => (row.backend('v2').requests === 10 ? true : undefined), { what: 'all are mirrored' });
      expect(row.backend('v2').last).toMatchObject({ path: '/mirrored', headers: { host: row.host } });
      expect(row.backend('v1').requests).toBe(10);
    }),
  );

  it(
    'mirrors a percentage of requests',
    rows.route({ mirror: { host: 'web', subset: 'v2' }, mirrorPercentage: { value: 30 } }, async (row) => {
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
    rows.route({ mirrors: ['v1', 'v2'].map((subset) => ({ destination: { host: 'web', subset } })) }, async (row) => {
      await row.sendMany(5);
      await poll(async () => (row.backend('v1').requests === 10 && row.backend('v2').requests === 5 ? true : undefined), {
        what: 'each has its copies',
      });
    }),
  );

  it(
    'sends nothing to a destination of weight 0',
    rows.route(
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
    'is one of the delegate, and inherits what that leaves open',
    mesh.row(
      ({ host }) => {
        const { spec, ...inner } = virtualService(`${host}-inner`, [{ route: [{ destination: { host, subset: 'v2' } }] }]);
        const { hosts: _, ...delegate } = spec as JsonObject;
        return [
          virtualService(host, [{ delegate: { name: `${host}-inner` }, headers: { request: { set: { level: 'root' } } } }]),
          { ...inner, spec: delegate },
          destinationRule(host, ['v1', 'v2']),
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
