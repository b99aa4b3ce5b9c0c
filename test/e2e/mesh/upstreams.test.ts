import { webcrypto } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevelopmentAuthority, issueServingCertificate, issueWorkloadCertificate } from '../../../shared/ca/development.ts';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { isLeftOut } from '../optional.ts';
import { Backend } from './backend.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { destinationRule, istio, serviceEntry } from './objects.ts';
import { type Row, RowMesh } from './row-mesh.ts';
import { exchange, TcpBackend } from './tcp.ts';
import { connectProxy, http2Upstream, tlsUpstream, type Upstream } from './upstream-servers.ts';

const subnet = '127.0.8';
const mesh = new RowMesh({ subnet, versions: ['v1', 'v2'], node: { metadata: { HTTP10: '1' } } });
const spiffeId = 'spiffe://cluster.local/ns/shop/sa/partner';

/** All that a server says on a connection of which frames follow. */
const upgraded = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nframes';

/** Servers that no cluster knows, and the files that a proxy needs for them. */
interface Outside {
  readonly http2: Upstream;
  readonly simpleTls: Upstream;
  readonly mutualTls: Upstream;
  readonly tcp: TcpBackend;
  readonly upgrade: TcpBackend;
  /** At the address of the name localhost. */
  readonly local: Backend;
  readonly proxy: Upstream;
  readonly tunnels: string[];
  readonly directory: string;
}

async function startOutside(): Promise<Outside> {
  const context = { now: new Date(), crypto: webcrypto };
  const directory = await mkdtemp(join(tmpdir(), 'pilotless-outside-'));
  const authority = await createDevelopmentAuthority(context);
  const serving = await issueServingCertificate(authority, ['outside.test'], context);
  const client = await issueWorkloadCertificate(authority, spiffeId, context);
  const files = { 'ca.pem': authority.certificatePem, 'client.pem': client.certificatePem, 'client.key': client.privateKeyPem };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text, { mode: 0o600 });
  const simpleTls = await tlsUpstream(`${subnet}.101`, serving);
  const tunnels: string[] = [];
  return {
    http2: await http2Upstream(`${subnet}.102`),
    simpleTls,
    mutualTls: await tlsUpstream(`${subnet}.103`, serving, authority.certificatePem),
    tcp: await new TcpBackend('tcp', `${subnet}.104`).listen(),
    upgrade: await new TcpBackend(upgraded, `${subnet}.106`).listen(),
    local: await new Backend('local', '127.0.0.1').listen(),
    tunnels,
    proxy: await connectProxy(`${subnet}.105`, simpleTls, tunnels),
    directory,
  };
}

/** Not there before the tests run: what a row defines is read then. */
let outside: Outside;

type OutsideServer = 'http2' | 'simpleTls' | 'mutualTls' | 'tcp' | 'proxy';

/** A ServiceEntry of one of them, and a DestinationRule for it. */
function entry(
  server: OutsideServer,
  trafficPolicy: (directory: string) => JsonObject,
  check: (row: Row) => Promise<void>,
): () => Promise<void> {
  return mesh.row(({ host, port }) => {
    const { address, port: own } = outside[server];
    const hosts = [`${host}.test`];
    return [
      serviceEntry(host, { hosts, ports: { http: port }, endpoints: [{ address, ports: { http: own } }] }),
      istio('DestinationRule', `${host}-outside`, { host: `${host}.test`, trafficPolicy: trafficPolicy(outside.directory) }),
    ];
  }, check);
}

const ask = (row: Row) => row.send({ host: `${row.host}.test` });

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('Envoy reaches', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    outside = await startOutside();
    await mesh.start();
  }, 180_000);

  afterAll(async () => {
    await mesh.stop();
    for (const server of [outside.http2, outside.simpleTls, outside.mutualTls, outside.tcp, outside.upgrade, outside.local, outside.proxy])
      server.close();
    await rm(outside.directory, { recursive: true });
  });

  it(
    'a server in HTTP/2 with h2UpgradePolicy UPGRADE',
    entry(
      'http2',
      () => ({ connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } }),
      async (row) => {
        expect(await ask(row)).toMatchObject({ status: 200, body: 'HTTP/2.0' });
      },
    ),
  );

  it(
    'a server of a port named grpc in HTTP/2',
    mesh.row(
      ({ host, port }) => [
        serviceEntry(host, {
          hosts: [`${host}.test`],
          ports: { grpc: port },
          endpoints: [{ address: outside.http2.address, ports: { grpc: outside.http2.port } }],
        }),
      ],
      async (row) => expect(await ask(row)).toMatchObject({ status: 200, body: 'HTTP/2.0' }),
    ),
  );

  it(
    'a server that is asked once on each connection with maxRequestsPerConnection 1',
    mesh.row(
      ({ host }) => [destinationRule(host, [], { connectionPool: { http: { maxRequestsPerConnection: 1 } } })],
      async (row) => {
        await row.sendMany(20);
        expect(row.backends.reduce((sum, { connections }) => sum + connections, 0)).toBe(20);
      },
    ),
  );

  it(
    'a server on connections that are kept',
    mesh.row(
      () => [],
      async (row) => {
        await row.sendMany(50);
        expect(row.backends.reduce((sum, { connections }) => sum + connections, 0)).toBeLessThan(50);
      },
    ),
  );

  it(
    'a server that wants TLS, with the name and the roots of tls SIMPLE',
    entry(
      'simpleTls',
      (directory) => ({
        tls: { mode: 'SIMPLE', sni: 'outside.test', subjectAltNames: ['outside.test'], caCertificates: join(directory, 'ca.pem') },
      }),
      async (row) => {
        const { status, body } = await ask(row);
        expect([status, JSON.parse(body)]).toEqual([200, { sni: 'outside.test' }]);
      },
    ),
  );

  it(
    'no server whose certificate has another name than subjectAltNames',
    entry(
      'simpleTls',
      (directory) => ({
        tls: { mode: 'SIMPLE', sni: 'outside.test', subjectAltNames: ['inside.test'], caCertificates: join(directory, 'ca.pem') },
      }),
      async (row) => expect((await ask(row)).status).toBe(503),
    ),
  );

  it(
    'no server whose certificate the roots of the system do not know',
    entry(
      'simpleTls',
      () => ({
        tls: { mode: 'SIMPLE', sni: 'outside.test' },
      }),
      async (row) => expect((await ask(row)).status).toBe(503),
    ),
  );

  it(
    'any server with insecureSkipVerify',
    entry(
      'simpleTls',
      () => ({
        tls: { mode: 'SIMPLE', sni: 'any.test', insecureSkipVerify: true },
      }),
      async (row) => expect(JSON.parse((await ask(row)).body)).toEqual({ sni: 'any.test' }),
    ),
  );

  it(
    'a server that wants a certificate, with the files of tls MUTUAL',
    entry(
      'mutualTls',
      (directory) => ({
        tls: {
          mode: 'MUTUAL',
          sni: 'outside.test',
          clientCertificate: join(directory, 'client.pem'),
          privateKey: join(directory, 'client.key'),
          caCertificates: join(directory, 'ca.pem'),
        },
      }),
      async (row) => expect(JSON.parse((await ask(row)).body)).toEqual({ sni: 'outside.test', caller: `URI:${spiffeId}` }),
    ),
  );

  it(
    'a server that upgrades to WebSocket',
    mesh.row(
      ({ host, port }) => [
        serviceEntry(host, {
          hosts: [`${host}.test`],
          ports: { http: port },
          endpoints: [{ address: outside.upgrade.address, ports: { http: outside.upgrade.port } }],
        }),
      ],
      async ({ host, port }) => {
        const bytes = `GET / HTTP/1.1\r\nHost: ${host}.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
        expect(await exchange({ port, bytes })).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n.*\r\n\r\nframes$/s);
      },
    ),
  );

  it(
    'a server that is told who called, with proxyProtocol',
    mesh.row(
      ({ host, ownPort }) => [
        serviceEntry(host, {
          hosts: [`${host}.test`],
          ports: { tcp: ownPort },
          endpoints: [{ address: outside.tcp.address, ports: { tcp: outside.tcp.port } }],
        }),
        istio('DestinationRule', `${host}-outside`, { host: `${host}.test`, trafficPolicy: { proxyProtocol: { version: 'V1' } } }),
      ],
      async (row) => {
        expect(await exchange({ port: row.ownPort, bytes: 'hello' })).toBe('tcp');
        expect(outside.tcp.received.at(-1)).toMatch(/^PROXY TCP4 127\.0\.0\.1 127\.0\.0\.1 \d+ \d+\r\n/);
      },
    ),
  );

  it(
    'a server through an HTTP proxy with tunnel',
    mesh.row(
      ({ host, ownPort }) => [
        serviceEntry(host, {
          hosts: [`${host}.test`],
          ports: { tls: ownPort },
          endpoints: [{ address: outside.proxy.address, ports: { tls: outside.proxy.port } }],
        }),
        istio('DestinationRule', `${host}-outside`, {
          host: `${host}.test`,
          trafficPolicy: { tunnel: { protocol: 'CONNECT', targetHost: 'outside.test', targetPort: 443 } },
        }),
      ],
      async (row) => {
        const answer = await exchange({
          port: row.ownPort,
          sni: 'outside.test',
          bytes: 'GET / HTTP/1.1\r\nHost: outside.test\r\nConnection: close\r\n\r\n',
        });
        expect(answer).toContain('"sni":"outside.test"');
        expect(outside.tunnels).toEqual(['outside.test:443']);
      },
    ),
  );

  it(
    'the endpoints of a ServiceEntry with resolution STATIC, by their weights',
    mesh.row(
      ({ host, port, instances }) => [
        serviceEntry(host, {
          hosts: [`${host}.test`],
          ports: { http: port },
          endpoints: instances.map(({ address, port: own }, index) => ({ address, ports: { http: own }, weight: index === 0 ? 3 : 1 })),
        }),
      ],
      async (row) => {
        await row.sendMany(200, { host: `${row.host}.test` });
        const { v1 = 0, v2 = 0 } = row.counts;
        expect(v1 + v2).toBe(200);
        expect(v1).toBeGreaterThan(v2);
      },
    ),
  );

  it(
    'the addresses of a name with resolution DNS',
    mesh.row(
      ({ host, port }) => [
        serviceEntry(host, {
          hosts: [`${host}.test`],
          ports: { http: port },
          resolution: 'DNS',
          endpoints: [{ address: 'localhost', ports: { http: outside.local.port } }],
        }),
      ],
      async (row) => expect(await row.send({ host: `${row.host}.test` })).toMatchObject({ status: 200, body: 'local' }),
    ),
  );

  it(
    'the addresses of a name with resolution DNS_ROUND_ROBIN',
    mesh.row(
      ({ host, port }) => [
        serviceEntry(host, {
          hosts: [`${host}.test`],
          ports: { http: port },
          resolution: 'DNS_ROUND_ROBIN',
          endpoints: [{ address: 'localhost', ports: { http: outside.local.port } }],
        }),
      ],
      async (row) => expect(await row.send({ host: `${row.host}.test` })).toMatchObject({ status: 200, body: 'local' }),
    ),
  );

  it(
    'a ServiceEntry’s WorkloadEntries and pods that its workloadSelector selects',
    mesh.row(
      ({ host, port, instances: [, v2] }) => [
        serviceEntry(host, {
          hosts: [`${host}.test`],
          ports: { http: port },
          location: 'MESH_INTERNAL',
          workloadSelector: { labels: { app: host } },
        }),
        istio('WorkloadEntry', host, { address: v2?.address ?? '', ports: { http: v2?.port ?? 0 }, labels: { app: host } }),
      ],
      async (row) => expect(await row.send({ host: `${row.host}.test` })).toMatchObject({ status: 200, body: 'v2' }),
    ),
  );

  it(
    'a server for a client that speaks HTTP/1.0, where the proxy’s HTTP10 allows that',
    mesh.row(
      () => [],
      async (row) => {
        const answer = await exchange({ port: row.port, bytes: `GET / HTTP/1.0\r\nHost: ${row.host}\r\n\r\n` });
        expect(answer).toMatch(/^HTTP\/1\.0 200 OK\r\n/);
      },
    ),
  );

  it('all of them without a resource refused', async () => expect(await mesh.faults()).toEqual([0, 0]));
});
