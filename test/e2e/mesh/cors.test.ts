import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { RouteRows } from './route-rows.ts';
import { RowMesh } from './row-mesh.ts';

const mesh = new RowMesh({ subnet: '127.0.12', versions: ['v1', 'v2'] });
const rows = new RouteRows(mesh);
const preflight = { method: 'OPTIONS', headers: { origin: 'https://shop.test', 'access-control-request-method': 'PUT' } };
const corsPolicy: JsonObject = {
  allowOrigins: [{ exact: 'https://shop.test' }, { regex: 'https://[a-z]+\\.partner\\.test' }],
  allowMethods: ['PUT', 'GET'],
  allowHeaders: ['x-token'],
  exposeHeaders: ['x-total'],
  allowCredentials: true,
  maxAge: '90s',
};

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('the corsPolicy of a route', { timeout: 60_000 }, () => {
  beforeAll(() => mesh.start(), 180_000);
  afterAll(() => mesh.stop());

  it(
    'answers a CORS preflight itself',
    rows.route({ corsPolicy }, async (row) => {
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
    rows.route({ corsPolicy }, async (row) => {
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
    rows.routes(
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

  it('makes Envoy refuse nothing', async () => expect(await mesh.faults()).toEqual([0, 0]));
});
