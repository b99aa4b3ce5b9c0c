import { webcrypto } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevelopmentAuthority, issueServingCertificate } from '../../../shared/ca/development.ts';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { type Instance, istio, podObjects, serviceOfPods } from './objects.ts';
import { type Row, RowMesh } from './row-mesh.ts';
import { expectShare } from './share.ts';
import { exchange, TcpBackend } from './tcp.ts';

const versions = ['v1', 'v2', 'v3'];
const subnet = '127.0.9';
const mesh = new RowMesh({ subnet, versions: ['http'] });
/** By their kind, one for each version. Listening before the mesh starts. */
const backends: { tcp: readonly TcpBackend[]; tls: readonly TcpBackend[] } = { tcp: [], tls: [] };

async function startBackends(): Promise<void> {
  const context = { now: new Date(), crypto: webcrypto };
  const certificate = await issueServingCertificate(await createDevelopmentAuthority(context), ['tcp.test'], context);
  const start = (base: number, key?: typeof certificate) =>
    Promise.all(versions.map((version, index) => new TcpBackend(version, `${subnet}.${base + index}`, key).listen()));
  backends.tcp = await start(101);
  backends.tls = await start(111, certificate);
}

interface Rule {
  /** Of the VirtualService, with `HOST` for the row’s. */
  readonly routes?: JsonObject;
  readonly trafficPolicy?: JsonObject;
}

/** A service of TCP or TLS servers on the row’s own port. */
function row(kind: 'tcp' | 'tls', { routes, trafficPolicy }: Rule, check: (row: Row) => Promise<void>): () => Promise<void> {
  return mesh.row(({ host, ownPort }) => {
    const instances: readonly Instance[] = backends[kind].map(({ name: version, address, port }) => ({ version, address, port }));
    const subsets = versions.map((version) => ({ name: version, labels: { version } }));
    const text = JSON.stringify(routes ?? {})
      .replaceAll('HOST', host)
      .replaceAll('"PORT"', String(ownPort));
    return [
      ...podObjects(host, instances),
      ...serviceOfPods({ name: host, app: host, ports: { [kind]: ownPort }, instances }),
      ...(routes ? [istio('VirtualService', host, { hosts: [host], ...JSON.parse(text) })] : []),
      istio('DestinationRule', host, { host, subsets, ...(trafficPolicy && { trafficPolicy }) }),
    ];
  }, check);
}
const to = (subset: string, more: JsonObject = {}): JsonObject => ({ destination: { host: 'HOST', subset }, ...more });

async function answers(
  { ownPort: port }: Row,
  { count, sni }: { readonly count: number; readonly sni?: string },
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let index = 0; index < count; index += 1) found.push(await exchange({ port, bytes: 'hello', ...(sni !== undefined && { sni }) }));
  return found;
}

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('connections', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    await startBackends();
    await mesh.start();
  }, 180_000);

  afterAll(async () => {
    await mesh.stop();
    for (const backend of [...backends.tcp, ...backends.tls]) backend.close();
  });

  it(
    'of TCP go to all endpoints',
    row('tcp', {}, async (row) => expect(new Set(await answers(row, { count: 40 }))).toEqual(new Set(versions))),
  );

  it(
    'of TCP go to the subset of the tcp route for their port',
    row(
      'tcp',
      {
        routes: {
          tcp: [
            { match: [{ port: 1 }], route: [to('v1')] },
            { match: [{ port: 'PORT' }], route: [to('v2')] },
          ],
        },
      },
      async (row) => expect(new Set(await answers(row, { count: 8 }))).toEqual(new Set(['v2'])),
    ),
  );

  it(
    'of TCP go to the subset of the tcp route for sourceLabels',
    row(
      'tcp',
      {
        routes: {
          tcp: [
            { match: [{ sourceLabels: { app: 'other' } }], route: [to('v1')] },
            { match: [{ sourceLabels: { app: 'client' } }], route: [to('v3')] },
          ],
        },
      },
      async (row) => expect(new Set(await answers(row, { count: 8 }))).toEqual(new Set(['v3'])),
    ),
  );

  it(
    'of TCP are shared by the weights of a tcp route',
    row(
      'tcp',
      { routes: { tcp: [{ route: [to('v1', { weight: 80 }), to('v2', { weight: 20 }), to('v3', { weight: 0 })] }] } },
      async (row) => {
        const found = await answers(row, { count: 200 });
        const [v1, v2, v3] = versions.map((version) => found.filter((answer) => answer === version).length);
        expect([(v1 ?? 0) + (v2 ?? 0), v3]).toEqual([200, 0]);
        expectShare(v2 ?? 0, { of: 200, share: 0.2 });
      },
    ),
  );

  it(
    'of TCP from one address go to one endpoint with consistentHash.useSourceIp',
    row('tcp', { trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true } } } }, async (row) => {
      expect(new Set(await answers(row, { count: 20 })).size).toBe(1);
    }),
  );

  it(
    'of TLS go to all endpoints, and are not looked into',
    row('tls', {}, async (row) => expect(new Set(await answers(row, { count: 40, sni: 'any.test' }))).toEqual(new Set(versions))),
  );

  it(
    'of TLS go to the subset of the tls route for their SNI',
    row(
      'tls',
      {
        routes: {
          tls: [
            { match: [{ sniHosts: ['one.test'] }], route: [to('v1')] },
            { match: [{ sniHosts: ['*.two.test'] }], route: [to('v2')] },
          ],
          hosts: ['HOST', 'one.test', '*.two.test'],
        },
      },
      async (row) => {
        expect(new Set(await answers(row, { count: 8, sni: 'one.test' }))).toEqual(new Set(['v1']));
        expect(new Set(await answers(row, { count: 8, sni: 'a.two.test' }))).toEqual(new Set(['v2']));
      },
    ),
  );

  it(
    'of TCP that are idle are ended after connectionPool.tcp.idleTimeout',
    row('tcp', { trafficPolicy: { connectionPool: { tcp: { idleTimeout: '0.3s' } } } }, async ({ ownPort }) => {
      const startedMs = performance.now();
      expect(await exchange({ port: ownPort, bytes: '' })).toBe('');
      const tookMs = performance.now() - startedMs;
      expect(tookMs).toBeGreaterThanOrEqual(290);
      expect(tookMs).toBeLessThan(9_000);
    }),
  );

  it(
    'of TCP beyond connectionPool.tcp.maxConnections are closed',
    row('tcp', { trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } } }, async (row) => {
      const found = await Promise.all([
        exchange({ port: row.ownPort, bytes: 'one' }),
        exchange({ port: row.ownPort, bytes: 'two' }),
        exchange({ port: row.ownPort, bytes: 'three' }),
      ]);
      expect(found.filter((answer) => answer === '').length).toBeGreaterThan(0);
      expect(await row.clusterStat('upstream_cx_overflow', row.ownPort)).toBeGreaterThan(0);
    }),
  );

  it('need no resource that Envoy refuses', async () => expect(await mesh.faults()).toEqual([0, 0]));
});
