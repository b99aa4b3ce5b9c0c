import { webcrypto } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDevelopmentAuthority,
  issueServingCertificate,
  issueWorkloadCertificate,
  type KeyAndCertificate,
} from '../../../shared/ca/development.ts';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { isLeftOut } from '../optional.ts';
import { Backend } from './backend.ts';
import type { Envoy } from './envoy.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { type SecureCall, sendSecure, sendSecureDuring, sendSecureUntil } from './https.ts';
import { freePort, TestMesh } from './mesh.ts';
import { destinationRule, gateway, gatewayServer, istio, serviceEntry, serviceObjects, tlsSecret } from './objects.ts';
import { type Call, send, sendMany, sendUntil } from './requests.ts';
import { exchange, TcpBackend } from './tcp.ts';

const context = { now: new Date(), crypto: webcrypto };
const perSecond = 200;

interface Ports {
  readonly http: number;
  readonly https: number;
  readonly tcp: number;
  readonly web: number;
  readonly external: number;
  readonly egress: number;
}

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('gateways', { timeout: 90_000 }, () => {
  let backends: readonly Backend[] = [];
  let external: Backend;
  let raw: TcpBackend;
  let passed: TcpBackend;
  let mesh: TestMesh;
  let client: Envoy;
  let ports: Ports;
  let authority: KeyAndCertificate;
  let caller: KeyAndCertificate;

  const to = (host: string, more: JsonObject = {}) => [{ destination: { host, ...more } }];
  const rule = (name: string, host: string, more: JsonObject) =>
    istio('VirtualService', name, { hosts: [host], gateways: ['edge'], ...more });
  const serving = () => issueServingCertificate(authority, ['secure.test', 'mutual.test'], context);
  const secrets = async () => [tlsSecret('cert', await serving(), authority.certificatePem)];

  function servers(): readonly JsonObject[] {
    const tls = (mode: string) => ({ tls: { mode, credentialName: 'cert' } });
    return [
      gatewayServer(ports.http, 'HTTP', 'web.test'),
      gatewayServer(ports.http, 'HTTP', 'moved.test', { tls: { httpsRedirect: true } }),
      gatewayServer(ports.https, 'HTTPS', 'secure.test', tls('SIMPLE')),
      gatewayServer(ports.https, 'HTTPS', 'mutual.test', tls('MUTUAL')),
      gatewayServer(ports.https, 'TLS', 'passed.test', { tls: { mode: 'PASSTHROUGH' } }),
      gatewayServer(ports.tcp, 'TCP', '*'),
    ];
  }

  function entry(name: string, protocol: string, { address, port }: { readonly address: string; readonly port: number }): JsonObject {
    return serviceEntry(name, { hosts: [`${name}.outside`], ports: { [protocol]: port }, endpoints: [{ address }] });
  }

  /** Two VirtualServices on one host, and one for each other server. */
  function routes(): readonly JsonObject[] {
    return [
      rule('paths', 'web.test', { http: [{ match: [{ uri: { prefix: '/v2' } }], route: to('web', { subset: 'v2' }) }] }),
      rule('rest', 'web.test', { http: [{ route: to('web', { subset: 'v1' }) }] }),
      rule('secure', 'secure.test', { http: [{ route: to('web', { subset: 'v1' }) }] }),
      rule('mutual', 'mutual.test', { http: [{ route: to('web', { subset: 'v1' }) }] }),
      rule('passed', 'passed.test', { tls: [{ match: [{ sniHosts: ['passed.test'] }], route: to('passed.outside') }] }),
      rule('raw', '*', { tcp: [{ match: [{ port: ports.tcp }], route: to('raw.outside') }] }),
      destinationRule('web', ['v1', 'v2']),
    ];
  }

  /** Sidecars send what is for the outside to the egress gateway by mutual TLS, and that sends it on. */
  function egress(): readonly JsonObject[] {
    const host = 'egress.shop.svc.cluster.local';
    const tls = { mode: 'ISTIO_MUTUAL', sni: 'partner.outside' };
    return [
      ...serviceObjects({
        name: 'egress',
        port: ports.egress,
        clusterIp: '10.96.0.20',
        instances: [{ version: '1', address: '127.0.0.1', port: ports.egress, hasSidecar: true }],
      }),
      serviceEntry('partner', {
        hosts: ['partner.outside'],
        ports: { http: ports.external },
        endpoints: [{ address: external.address, ports: { http: external.port } }],
      }),
      gateway('out', 'egress', [gatewayServer(ports.egress, 'HTTPS', 'partner.outside', { tls: { mode: 'ISTIO_MUTUAL' } })]),
      istio('DestinationRule', 'egress', { host, subsets: [{ name: 'partner', trafficPolicy: { tls } }] }),
      istio('VirtualService', 'partner', {
        hosts: ['partner.outside'],
        gateways: ['out', 'mesh'],
        http: [
          { match: [{ gateways: ['mesh'], port: ports.external }], route: to(host, { subset: 'partner', port: { number: ports.egress } }) },
          {
            match: [{ gateways: ['out'], port: ports.egress }],
            route: to('partner.outside', { port: { number: ports.external } }),
            headers: { request: { set: { 'x-way': 'egress' } } },
          },
        ],
      }),
    ];
  }

  beforeAll(async () => {
    const free = await Promise.all(Array.from({ length: 6 }, freePort));
    const [http = 0, https = 0, tcp = 0, web = 0, externalPort = 0, egressPort = 0] = free;
    ports = { http, https, tcp, web, external: externalPort, egress: egressPort };
    authority = await createDevelopmentAuthority(context);
    caller = await issueWorkloadCertificate(authority, 'spiffe://cluster.local/ns/shop/sa/caller', context);
    const passedCertificate = await issueServingCertificate(authority, ['passed.test'], context);
    backends = await Promise.all(['v1', 'v2'].map((version, index) => new Backend(version, `127.0.11.${index + 1}`).listen()));
    external = await new Backend('external', '127.0.11.3').listen();
    raw = await new TcpBackend('raw', '127.0.11.4').listen();
    passed = await new TcpBackend('passed', '127.0.11.5', passedCertificate).listen();
    mesh = await TestMesh.create({
      web: serviceObjects({ name: 'web', port: web, instances: backends }),
      outside: [entry('passed', 'tls', passed), entry('raw', 'tcp', raw)],
      edge: [gateway('edge', 'edge', servers())],
      secrets: await secrets(),
      routes: routes(),
      egress: egress(),
    });
    const envoys = [await mesh.gateway('edge'), await mesh.gateway('egress'), await mesh.client('delta')];
    client = envoys[2] ?? envoys[0] ?? (await mesh.client('sotw'));
    await Promise.all(envoys.map((envoy) => envoy.live()));
  }, 180_000);

  afterAll(async () => {
    await mesh.close();
    for (const backend of [...backends, external, raw, passed]) backend.close();
  });

  const plain = (more: Partial<Call> = {}): Call => ({ port: ports.http, host: 'web.test', ...more });
  const secure = (more: Partial<SecureCall> = {}): SecureCall => ({
    port: ports.https,
    host: 'secure.test',
    roots: authority.certificatePem,
    ...more,
  });

  it('route HTTP by host and path', async () => {
    await sendUntil(plain(), 'the gateway answers', ({ status }) => status === 200);
    expect((await send(plain({ path: '/v2/books' }))).body).toBe('v2');
    expect((await send(plain({ host: 'nobody.test' }))).status).toBe(404);
  });

  it('join the routes of two VirtualServices on one host', async () => {
    const bodies = [await send(plain({ path: '/v2' })), await send(plain({ path: '/' }))].map(({ body }) => body);
    expect(bodies).toEqual(['v2', 'v1']);
  });

  it('redirect to HTTPS', async () => {
    const { status, headers } = await send(plain({ host: 'moved.test', path: '/a' }));
    expect([status, headers.location]).toEqual([301, 'https://moved.test/a']);
  });

  it('end HTTPS with a certificate from a secret', async () => {
    expect(await sendSecureUntil(secure(), 'HTTPS answers', ({ status }) => status === 200)).toMatchObject({ body: 'v1' });
  });

  it('refuse clients without a certificate in mode MUTUAL', async () => {
    const mutual = secure({ host: 'mutual.test' });
    const known = await sendSecureUntil({ ...mutual, client: caller }, 'MUTUAL answers', ({ status }) => status === 200);
    expect([known.status, (await sendSecure(mutual)).status]).toEqual([200, 0]);
  });

  it('pass TLS through by server name', async () => {
    const answer = await exchange({ port: ports.https, bytes: 'hello', sni: 'passed.test' });
    expect([answer, passed.received.at(-1)]).toEqual(['passed', 'hello']);
  });

  it('forward TCP', async () => {
    expect(await exchange({ port: ports.tcp, bytes: 'hello' })).toBe('raw');
  });

  it('rotate a secret under load without a failed request', async () => {
    const before = await sendSecureUntil(secure(), 'HTTPS answers', ({ status }) => status === 200);
    const answers = await sendSecureDuring(secure(), perSecond, async () => {
      await wait(1_000);
      await mesh.write('secrets', await secrets());
      await sendSecureUntil(secure(), 'the new certificate is shown', ({ status, serial }) => status === 200 && serial !== before.serial);
      await wait(1_000);
    });

    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    // It took two seconds at least.
    expect(answers.length).toBeGreaterThan(perSecond * 1.9);
    expect(new Set(answers.map(({ serial }) => serial).filter((serial) => serial !== '')).size).toBe(2);
  });

  it('take what sidecars send to the outside, by mutual TLS, and send it on', async () => {
    const call = { port: ports.external, host: 'partner.outside' };
    await sendUntil(call, 'the outside answers', ({ status, body }) => status === 200 && body === 'external');
    expect(external.last?.headers).toMatchObject({ 'x-way': 'egress' });
    expect(await client.stat('^cluster\\.outbound\\|\\d+\\|partner\\|egress.*ssl\\.handshake$')).toBeGreaterThan(0);
  });

  it('share requests by weights', async () => {
    const route = [
      { destination: { host: 'web', subset: 'v1' }, weight: 75 },
      { destination: { host: 'web', subset: 'v2' }, weight: 25 },
    ];
    await mesh.write('weights', [rule('weights', 'web.test', { http: [{ match: [{ uri: { prefix: '/shared' } }], route }] })]);
    const shared = plain({ path: '/shared' });
    await sendUntil(shared, 'both versions answer', ({ body }) => body === 'v2');

    const answers = await sendMany(shared, 1_000);

    const share = answers.filter(({ body }) => body === 'v2').length / answers.length;
    // Three standard deviations of 1,000 choices.
    expect(Math.abs(share - 0.25)).toBeLessThan(3 * Math.sqrt((0.25 * 0.75) / 1_000));
  });

  it('refuse nothing that they are sent', async () => {
    expect(await mesh.metric('pilot_total_xds_rejects')).toBe(0);
  });
});
