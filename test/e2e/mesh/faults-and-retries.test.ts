import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { virtualService } from './objects.ts';
import { RouteRows } from './route-rows.ts';
import { RowMesh } from './row-mesh.ts';
import { expectShare } from './share.ts';

const mesh = new RowMesh({ subnet: '127.0.13', versions: ['v1', 'v2'] });
const rows = new RouteRows(mesh);

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('a route of a VirtualService', { timeout: 60_000 }, () => {
  beforeAll(() => mesh.start(), 180_000);
  afterAll(() => mesh.stop());

  it(
    'aborts a percentage of requests',
    rows.route({ fault: { abort: { httpStatus: 418, percentage: { value: 25 } } } }, async (row) => {
      const aborted = (await row.sendMany(400)).filter(({ status }) => status === 418).length;
      expectShare(aborted, { of: 400, share: 0.25 });
      expect(row.backend('v1').requests).toBe(400 - aborted);
    }),
  );

  it(
    'aborts gRPC calls with a gRPC status',
    rows.route({ fault: { abort: { grpcStatus: 'RESOURCE_EXHAUSTED', percentage: { value: 100 } } } }, async (row) => {
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
    'without retries asks once if the answer is 503',
    mesh.row(
      ({ host }) => [virtualService(host, [{ route: [{ destination: { host } }] }])],
      async (row) => {
        // The default is not to repeat what an application may have begun to do.
        for (const backend of row.backends) backend.behave({ status: 503 });
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
        row.backend('v1').behave({ status: 418 });
        const answers = await row.sendMany(30);
        expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['200 v2']));
        expect(row.backend('v1').requests).toBeGreaterThan(0);
        // The application is told how often it was tried before. Seldom it is the third time: another place is looked for, not searched for.
        row.backend('v2').reset();
        await row.sendMany(8);
        expect(row.backend('v2').last?.headers['x-envoy-attempt-count']).toMatch(/^[1-4]$/);
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
        row.backend('v1').behave({ delayMs: 20_000 });
        const answers = await row.sendMany(8);
        expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['200 v2']));
        expect(row.backend('v1').requests).toBeGreaterThan(0);
      },
    ),
  );

  it('makes Envoy refuse nothing', async () => expect(await mesh.faults()).toEqual([0, 0]));
});
