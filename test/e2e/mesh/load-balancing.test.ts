import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { poll } from '../apiserver/poll.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { destinationRule, nodeObject } from './objects.ts';
import type { Call } from './requests.ts';
import { type Row, RowMesh } from './row-mesh.ts';
import { expectShare } from './share.ts';

const versions = ['v1', 'v2', 'v3', 'v4'];
const client = { region: 'north', zone: 'a' };
const places = { near: client, beside: { region: 'north', zone: 'b' }, far: { region: 'south', zone: 'c' } };
const mesh = new RowMesh({
  subnet: '127.0.6',
  versions,
  pods: { v1: { nodeName: 'near' }, v2: { nodeName: 'beside' }, v3: { nodeName: 'far' }, v4: { nodeName: 'far', isReady: false } },
  objects: Object.entries(places).map(([name, place]) => nodeObject(name, place)),
  node: { locality: client, metadata: { NODE_NAME: 'near' } },
});
const ready = ['v1', 'v2', 'v3'];

/** A DestinationRule with the policy. */
function policy(trafficPolicy: JsonObject, check: (row: Row) => Promise<void>): () => Promise<void> {
  return mesh.row(({ host }) => [destinationRule(host, [], trafficPolicy)], check);
}

/** Requests of a key reach one backend, and keys spread over all of them. */
function sticky(consistentHash: JsonObject, callOf: (key: number) => Partial<Call>): () => Promise<void> {
  return policy({ loadBalancer: { consistentHash } }, async (row) => {
    const homes = await Promise.all(Array.from({ length: 60 }, async (_, key) => (await row.send(callOf(key))).body));
    const again = await Promise.all(homes.map(async (_, key) => (await row.send(callOf(key))).body));
    expect(again).toEqual(homes);
    expect(new Set(homes)).toEqual(new Set(ready));
  });
}

/** Asked one after the other. */
async function orderOf(row: Row, count: number): Promise<readonly string[]> {
  const order: string[] = [];
  for (let index = 0; index < count; index += 1) order.push((await row.send()).body);
  return order;
}

const outlierDetection = { consecutive5xxErrors: 1, interval: '1s', baseEjectionTime: '300s', maxEjectionPercent: 100 };

/** Every request has the answer, once what Envoy knows of its endpoints has come to all of it. */
async function becomes(row: Row, answer: string): Promise<void> {
  await poll(async () => ((await answersOf(row)).every((other) => other === answer) ? true : undefined), {
    what: `all requests get ${answer}`,
  });
}

function fails(row: Row, version: string): void {
  row.backend(version).behave({ status: 500 });
}

async function answersOf(row: Row, count = 20): Promise<readonly string[]> {
  return (await row.sendMany(count)).map(({ status, body }) => (status === 200 ? body : `${status} ${body}`));
}

async function versionsOf(row: Row, count = 20): Promise<ReadonlySet<string>> {
  return new Set(await answersOf(row, count));
}

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('endpoints are chosen', { timeout: 60_000 }, () => {
  beforeAll(() => mesh.start(), 180_000);
  afterAll(() => mesh.stop());

  it(
    'among those that are ready',
    mesh.row(
      () => [],
      async (row) => expect(await versionsOf(row, 60)).toEqual(new Set(ready)),
    ),
  );

  it(
    'in turn with ROUND_ROBIN',
    policy({ loadBalancer: { simple: 'ROUND_ROBIN' } }, async (row) => {
      const order = await orderOf(row, 12);
      expect(new Set(order)).toEqual(new Set(ready));
      expect(order.slice(3)).toEqual(order.slice(0, -3));
    }),
  );

  it(
    'in no order with RANDOM',
    policy({ loadBalancer: { simple: 'RANDOM' } }, async (row) => {
      const order = await orderOf(row, 60);
      expect(new Set(order)).toEqual(new Set(ready));
      expect(order.slice(3)).not.toEqual(order.slice(0, -3));
    }),
  );

  it(
    'by the fewest open requests with LEAST_REQUEST',
    policy({ loadBalancer: { simple: 'LEAST_REQUEST' } }, async (row) => {
      row.backend('v1').behave({ delayMs: 100 });
      await row.sendMany(300);
      const { v1 = 0, v2 = 0, v3 = 0 } = row.counts;
      expect(v1 * 2).toBeLessThan(Math.min(v2, v3));
    }),
  );

  it(
    'by the fewest open requests unless a rule says otherwise',
    mesh.row(
      () => [],
      async (row) => {
        row.backend('v1').behave({ delayMs: 100 });
        await row.sendMany(300);
        const { v1 = 0, v2 = 0, v3 = 0 } = row.counts;
        expect(v1 * 2).toBeLessThan(Math.min(v2, v3));
      },
    ),
  );

  it(
    'by a header with consistentHash.httpHeaderName',
    sticky({ httpHeaderName: 'x-user' }, (key) => ({ headers: { 'x-user': `user ${key}` } })),
  );

  it(
    'by a query parameter with consistentHash.httpQueryParameterName',
    sticky({ httpQueryParameterName: 'user' }, (key) => ({ path: `/${key % 7}?user=u${key}` })),
  );

  it(
    'by the address of the client with consistentHash.useSourceIp',
    sticky({ useSourceIp: true }, (key) => ({ from: `127.0.7.${key + 1}` })),
  );

  it(
    'by the cookie of the client with consistentHash.httpCookie',
    sticky({ httpCookie: { name: 'user', ttl: '0s' } }, (key) => ({ headers: { cookie: `user=u${key}` } })),
  );

  it(
    'by a cookie that a client without one is given with consistentHash.httpCookie.ttl',
    policy({ loadBalancer: { consistentHash: { httpCookie: { name: 'user', path: '/shop', ttl: '60s' } } } }, async (row) => {
      const first = await row.send();
      const [cookie = ''] = first.headers['set-cookie'] ?? [];
      expect(cookie).toMatch(/^user="[0-9a-f]+"; Max-Age=60; Path=\/shop; HttpOnly/);
      const answers = await row.sendMany(20, { headers: { cookie: cookie.split(';', 1)[0] ?? '' } });
      expect(new Set(answers.map(({ body }) => body))).toEqual(new Set([first.body]));
    }),
  );

  it(
    'on a ring with consistentHash.ringHash',
    sticky({ httpHeaderName: 'x-user', ringHash: { minimumRingSize: 4096 } }, (key) => ({ headers: { 'x-user': `user ${key}` } })),
  );

  it(
    'in a table with consistentHash.maglev',
    sticky({ httpHeaderName: 'x-user', maglev: { tableSize: 251 } }, (key) => ({ headers: { 'x-user': `user ${key}` } })),
  );

  it(
    'near the client while they answer, then in its region, then elsewhere',
    policy({ outlierDetection, loadBalancer: { localityLbSetting: { enabled: true } } }, async (row) => {
      expect(await versionsOf(row)).toEqual(new Set(['v1']));
      fails(row, 'v1');
      await becomes(row, 'v2');
      fails(row, 'v2');
      await becomes(row, 'v3');
    }),
  );

  it(
    'nowhere once all are ejected',
    policy({ outlierDetection, loadBalancer: { localityLbSetting: { enabled: true } } }, async (row) => {
      for (const version of ready) fails(row, version);
      await becomes(row, '503 no healthy upstream');
    }),
  );

  it(
    'by labels in the order of failoverPriority',
    policy(
      { outlierDetection, loadBalancer: { localityLbSetting: { failoverPriority: ['version=v3', 'topology.kubernetes.io/region'] } } },
      async (row) => {
        expect(await versionsOf(row)).toEqual(new Set(['v3']));
        fails(row, 'v3');
        await poll(async () => ((await versionsOf(row, 40)).has('500 v3') ? undefined : true), { what: 'v3 is ejected' });
        expect(await versionsOf(row, 40)).toEqual(new Set(['v1', 'v2']));
      },
    ),
  );

  it(
    'by the shares of distribute',
    policy(
      { loadBalancer: { localityLbSetting: { distribute: [{ from: 'north/a/*', to: { 'north/b/*': 30, 'south/*': 70 } }] } } },
      async (row) => {
        await row.sendMany(400);
        const { v1 = 0, v2 = 0, v3 = 0 } = row.counts;
        expect([v1, v2 + v3]).toEqual([0, 400]);
        expectShare(v2, { of: 400, share: 0.3 });
      },
    ),
  );

  it(
    'near the client with trafficDistribution, without outlier detection',
    mesh.row(
      ({ service }) => service({ trafficDistribution: 'PreferClose' }),
      async (row) => {
        expect(await versionsOf(row)).toEqual(new Set(['v1']));
      },
    ),
  );

  it(
    'on the node of the client with internalTrafficPolicy Local',
    mesh.row(
      ({ service }) => service({ internalTrafficPolicy: 'Local' }),
      async (row) => {
        expect(await versionsOf(row)).toEqual(new Set(['v1']));
      },
    ),
  );

  it('so that nothing is refused', async () => expect(await mesh.faults()).toEqual([0, 0]));
});
