import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { isLeftOut } from '../optional.ts';
import { Backend } from './backend.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { canRedirect } from './network.ts';
import { type Instance, inNamespace, istio, podObjects, serviceEntry, serviceOfPods, virtualService } from './objects.ts';
import { appPort, type PodOptions, tcpPort } from './pod.ts';
import { PodMesh } from './pod-mesh.ts';
import { TcpBackend } from './tcp.ts';

const clients: readonly PodOptions[] = [
  { service: 'client', version: 'v1', host: 11 },
  { service: 'strict', version: 'v1', host: 12 },
];
const webPods: readonly PodOptions[] = [
  { service: 'web', version: 'v1', host: 21 },
  { service: 'web', version: 'v2', host: 22 },
];
const apiPod: PodOptions = { service: 'api', version: 'v1', host: 31 };
const address = {
  web: '10.96.0.10',
  api: '10.96.0.11',
  plain: '10.96.0.12',
  unencrypted: '10.96.0.13',
  mutual: '10.96.0.14',
  ranges: '10.96.0.15',
};
const web = 'web.shop.svc.cluster.local';

const isOut = [isLeftOut('envoy', canHaveEnvoy()), isLeftOut('network namespaces', canRedirect())].includes(true);

describe.skipIf(isOut)('connections of a pod', { timeout: 60_000 }, () => {
  let pods: PodMesh;
  let outside: Backend;
  let outsideTcp: TcpBackend;
  /** Address of this machine, which is no part of the mesh. */
  let here = '';

  beforeAll(async () => {
    pods = await PodMesh.create();
    here = pods.network.gateway;
    outside = await new Backend('outside', here).listen();
    outsideTcp = await new TcpBackend('outside', here).listen();
    await pods.start({ services: services(), rules: rules() }, [...clients, ...webPods, apiPod]);
    for (const { service, version } of clients)
      await pods.answer(`${service}-${version}`, { port: 80, host: 'web', address: address.web }, isFromWeb);
  }, 180_000);

  afterAll(async () => {
    await pods.close();
    outside.close();
    outsideTcp.close();
  });

  function services(): readonly JsonObject[] {
    const [instances, api] = [pods.instances(webPods), pods.instances([apiPod])];
    const targets = { http: appPort, 'http-own': appPort, tcp: tcpPort, mysql: tcpPort, any: appPort, 'any-too': tcpPort };
    const ofWeb = { app: 'web', targets, instances };
    const noSidecar: readonly Instance[] = [{ version: 'v1', address: here, port: outside.port }];
    return [
      ...clients.flatMap((pod) => podObjects(pod.service, pods.instances([pod]))),
      ...podObjects('web', instances),
      ...podObjects('api', api),
      ...podObjects('plain', noSidecar),
      ...serviceOfPods({
        ...ofWeb,
        name: 'web',
        clusterIp: address.web,
        ports: { http: 80, 'http-own': 9100, tcp: 90, mysql: 3306, any: 70, 'any-too': 71 },
      }),
      ...serviceOfPods({ ...ofWeb, name: 'peers', clusterIp: 'None', ports: { http: appPort, tcp: tcpPort } }),
      ...serviceOfPods({ ...ofWeb, name: 'unencrypted', clusterIp: address.unencrypted, ports: { http: 80 } }),
      ...serviceOfPods({ ...ofWeb, name: 'mutual', clusterIp: address.mutual, ports: { http: 80 } }),
      ...serviceOfPods({ ...ofWeb, name: 'ranges', clusterIp: address.ranges, ports: { tcp: 95 } }),
      // Where its Sidecar says it listens.
      ...serviceOfPods({ name: 'api', app: 'api', clusterIp: address.api, ports: { http: 80 }, targets: { http: 9000 }, instances: api }),
      ...serviceOfPods({ name: 'plain', app: 'plain', clusterIp: address.plain, ports: { http: 80 }, instances: noSidecar }),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'alias', namespace: 'shop' },
        spec: { type: 'ExternalName', externalName: web },
      },
    ];
  }

  function rules(): readonly JsonObject[] {
    const entry = (name: string, exportTo: string) =>
      inNamespace(
        'other',
        serviceEntry(name, {
          hosts: [`${name}.test`],
          ports: { http: 80 },
          endpoints: [{ address: here, ports: { http: outside.port } }],
          exportTo: [exportTo],
        }),
      );
    const tls = (host: string, mode: string) => istio('DestinationRule', host, { host, trafficPolicy: { tls: { mode } } });
    const subset = (version: string) => ({ name: version, labels: { version } });
    return [
      istio('Sidecar', 'strict', {
        workloadSelector: { labels: { app: 'strict' } },
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
        egress: [{ hosts: [`./${web}`, './none.test', './*.none.test', 'other/*'] }],
      }),
      istio('Sidecar', 'api', {
        workloadSelector: { labels: { app: 'api' } },
        ingress: [{ port: { number: 9000, protocol: 'HTTP', name: 'http' }, defaultEndpoint: `127.0.0.1:${appPort}` }],
        egress: [
          { port: { number: 9100, protocol: 'HTTP', name: 'http' }, bind: '127.0.0.1', captureMode: 'NONE', hosts: [`./${web}`] },
          { hosts: ['./*'] },
        ],
      }),
      entry('public', '*'),
      entry('private', '.'),
      inNamespace('other', virtualService('public', [{ directResponse: { status: 418 } }], { hosts: ['public.test'], exportTo: ['.'] })),
      serviceEntry('none', { hosts: ['none.test', '*.none.test'], ports: { http: outside.port }, resolution: 'NONE' }),
      tls('unencrypted', 'DISABLE'),
      tls('mutual', 'ISTIO_MUTUAL'),
      istio('DestinationRule', 'ranges', { host: 'ranges', subsets: [subset('v1'), subset('v2')] }),
      istio('VirtualService', 'ranges', {
        hosts: ['ranges'],
        tcp: [
          { match: [{ destinationSubnets: ['10.97.0.0/16'] }], route: [{ destination: { host: 'ranges', subset: 'v1' } }] },
          { match: [{ destinationSubnets: ['10.96.0.0/24'] }], route: [{ destination: { host: 'ranges', subset: 'v2' } }] },
        ],
      }),
      istio('DestinationRule', 'web', { host: 'web', subsets: [subset('v1'), subset('v2')] }),
      virtualService('web', [
        { match: [{ headers: { version: { exact: 'v2' } } }], route: [{ destination: { host: 'web', subset: 'v2' } }] },
        { route: [{ destination: { host: 'web', subset: 'v1' } }] },
      ]),
    ];
  }

  const isFromWeb = (body: string) => /"version":"v[12]"/.test(body);
  /** What an application of a pod answered the client. */
  const ask = async (call: {
    readonly port: number;
    readonly host: string;
    readonly address: string;
    readonly headers?: Readonly<Record<string, string>>;
  }) => JSON.parse((await pods.pod('client-v1').send(call)).body);
  /** Answer of this machine, or what the strict client got instead. */
  const strict = async (host: string, port = 80, to = here) => {
    const { status, body } = await pods.pod('strict-v1').send({ port, host, address: to });
    return status === 200 ? body : status;
  };
  const byMutualTls = expect.stringContaining('URI=spiffe://cluster.local/ns/shop/sa/client');

  it('to a port with a protocol of its own name are HTTP or TCP as it says', async () => {
    expect(await ask({ port: 80, host: 'web', address: address.web, headers: { version: 'v2' } })).toMatchObject({
      version: 'v2',
      caller: byMutualTls,
    });
    expect(await pods.pod('client-v1').exchange({ port: 90, address: address.web, bytes: 'hello\r\n' })).toMatch(/^v[12]$/);
    expect(await pods.pod('client-v1').exchange({ port: 3306, address: address.web, bytes: 'hello\r\n' })).toMatch(/^v[12]$/);
  });

  it('to a port without a protocol are found to be HTTP, and follow the routes', async () => {
    expect(await ask({ port: 70, host: 'web', address: address.web, headers: { version: 'v2' } })).toMatchObject({
      version: 'v2',
      caller: byMutualTls,
    });
  });

  it('to a port without a protocol are TCP, if they do not speak HTTP', async () => {
    expect(await pods.pod('client-v1').exchange({ port: 71, address: address.web, bytes: 'hello\r\n' })).toMatch(/^v[12]$/);
  });

  it('by TCP are mutual TLS between sidecars', async () => {
    const handshakes = async () =>
      Number(
        (
          await pods
            .pod('web-v1')
            .send({ address: '127.0.0.1', port: 15000, host: 'admin', path: '/stats?filter=^listener.0.0.0.0_15006.ssl.handshake$' })
        ).body.split(': ')[1],
      );
    const before = await handshakes();
    expect(await pods.pod('client-v1').exchange({ port: tcpPort, address: pods.network.addressOf(21), bytes: 'hello\r\n' })).toBe('v1');
    expect(await handshakes()).toBe(before + 1);
  });

  it('to endpoints without a sidecar are plaintext', async () => {
    const { status, body } = await pods.pod('client-v1').send({ port: 80, host: 'plain', address: address.plain });
    expect([status, body]).toEqual([200, 'outside']);
  });

  it('to a host with tls DISABLE are plaintext', async () => {
    const { version, caller } = await ask({ port: 80, host: 'unencrypted', address: address.unencrypted });
    expect([version, caller]).toEqual([expect.stringMatching(/^v[12]$/), undefined]);
  });

  it('to a host with tls ISTIO_MUTUAL are mutual TLS', async () => {
    expect(await ask({ port: 80, host: 'mutual', address: address.mutual })).toMatchObject({ caller: byMutualTls });
  });

  it('to a pod of a headless service reach that pod, by mutual TLS', async () => {
    for (const { host, version } of webPods) {
      const to = { port: appPort, host: 'peers', address: pods.network.addressOf(host) };
      expect(await ask(to)).toMatchObject({ version, caller: byMutualTls });
    }
  });

  it('to a pod’s own name under a headless service reach that pod', async () => {
    const to = { port: appPort, host: 'web-1.peers.shop.svc.cluster.local', address: pods.network.addressOf(22) };
    expect(await ask(to)).toMatchObject({ version: 'v2', caller: byMutualTls });
  });

  it('to an ExternalName of a service are connections to that service', async () => {
    for (const host of ['alias', 'alias.shop.svc.cluster.local'])
      expect(await ask({ port: 80, host, address: address.web, headers: { version: 'v2' } })).toMatchObject({
        version: 'v2',
        caller: byMutualTls,
      });
  });

  it('to somebody unknown are let through with ALLOW_ANY', async () => {
    const { status, body } = await pods.pod('client-v1').send({ port: outside.port, host: 'unknown.test', address: here });
    expect([status, body]).toEqual([200, 'outside']);
    expect(await pods.pod('client-v1').exchange({ port: outsideTcp.port, address: here, bytes: 'hello\r\n' })).toBe('outside');
  });

  it('to somebody unknown are refused with REGISTRY_ONLY', async () => {
    expect(await strict('unknown.test')).toBe(502);
    expect(await pods.pod('strict-v1').exchange({ port: outsideTcp.port, address: here, bytes: 'hello\r\n' })).toBe('');
  });

  it('reach services in the egress hosts of the Sidecar, and no others', async () => {
    expect(await strict('web', 80, address.web)).toMatch(/"version":"v[12]"/);
    expect(await strict('plain', 80, address.plain)).toBe(502);
  });

  it('reach hosts that exportTo shows to their namespace, and no others', async () => {
    expect([await strict('public.test'), await strict('private.test')]).toEqual(['outside', 502]);
  });

  it('reach the address that they had with resolution NONE, also under a wildcard', async () => {
    const answers = ['none.test', 'any.none.test', 'unknown.test'].map((host) => strict(host, outside.port));
    expect(await Promise.all(answers)).toEqual(['outside', 'outside', 502]);
  });

  it('to a pod with Sidecar ingress reach its defaultEndpoint', async () => {
    expect(await ask({ port: 80, host: 'api', address: address.api })).toMatchObject({
      version: 'v1',
      caller: byMutualTls,
      from: '127.0.0.1',
    });
  });

  it('to an egress listener of the Sidecar that is not redirected to reach its hosts', async () => {
    const { status, body } = await pods.pod('api-v1').send({ port: 9100, host: 'web', address: '127.0.0.1' });
    expect([status, JSON.parse(body)]).toEqual([
      200,
      expect.objectContaining({ caller: expect.stringContaining('URI=spiffe://cluster.local/ns/shop/sa/api') }),
    ]);
  });

  it('by TCP go to the subset of the tcp route for their destinationSubnets', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => pods.pod('client-v1').exchange({ port: 95, address: address.ranges, bytes: 'hello\r\n' })),
    );
    expect(new Set(answers)).toEqual(new Set(['v2']));
  });

  it('to a port of a pod that no service has reach it through its sidecar', async () => {
    expect(await pods.pod('client-v1').exchange({ port: tcpPort, address: pods.network.addressOf(31), bytes: 'hello\r\n' })).toBe('v1');
  });

  it('need no resource that Envoy refuses', async () => expect(await pods.mesh.metric('pilot_total_xds_rejects')).toBe(0));
});
