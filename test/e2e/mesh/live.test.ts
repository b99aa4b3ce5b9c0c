import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWorld } from '../../../cli/compile/inputs.ts';
import { bootstrap } from '../../../cli/try/bootstrap.ts';
import { compile } from '../../../shared/compile/compile.ts';
import type { World } from '../../../shared/compile/world.ts';
import { type JsonObject, objectAt } from '../../../shared/lib/json.ts';
import { isLeftOut } from '../optional.ts';
import { type NodeOverlay, withNode } from './envoy.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { Stage } from './isolated-envoy.ts';
import { canRedirect } from './network.ts';
import {
  destinationRule,
  type Instance,
  istio,
  namespace,
  nodeObject,
  serviceEntry,
  serviceObjects,
  serviceOfPods,
  virtualService,
} from './objects.ts';

const instances: readonly Instance[] = [
  { version: 'v1', address: '10.1.0.1', port: 8080, hasSidecar: true, nodeName: 'near' },
  { version: 'v2', address: '10.1.0.2', port: 8080 },
];
const [proxied] = instances;
const web = serviceObjects({ name: 'web', port: 80, instances });
const ofWeb = { app: 'web', instances };
/** Many protocols at once, each a Service’s port. */
const protocols = ['http', 'http2', 'grpc', 'grpc-web', 'https', 'tls', 'tcp', 'mongo', 'mysql', 'redis', 'unnamed', 'udp'];
const ports = Object.fromEntries(protocols.map((name, index) => [name, 9000 + index]));

/** Settings of a mesh beside its objects. */
type Texts = Parameters<typeof readWorld>[1];

/** A proxy in front of the first pod of `web`. */
function nodeOf({ metadata, locality }: NodeOverlay = {}, ips = proxied?.address ?? ''): JsonObject {
  const labels = { app: 'web', version: 'v1' };
  const identity = { pod: 'web-v1', namespace, serviceAccount: 'web', ip: ips, labels, interception: 'REDIRECT' } as const;
  const config = bootstrap({ protocol: 'delta', ...identity, xds: { address: '', port: 1 }, sdsPath: '', adminPort: 0 });
  return objectAt(withNode(config, { ...(metadata && { metadata }), ...(locality && { locality }) }), 'node');
}

const isOut = [isLeftOut('envoy', canHaveEnvoy()), isLeftOut('network namespaces', canRedirect())].includes(true);

describe.skipIf(isOut)('an Envoy is LIVE, and refuses nothing, with', { timeout: 60_000 }, () => {
  let stage: Stage;
  let directory = '';

  beforeAll(async () => {
    stage = await Stage.create();
    directory = await mkdtemp(join(tmpdir(), 'pilotless-live-'));
  }, 180_000);

  afterAll(async () => {
    await stage.close();
    await rm(directory, { recursive: true });
  });

  async function worldOf(objects: readonly JsonObject[], texts: Texts = {}): Promise<World> {
    const path = join(directory, 'world.json');
    await writeFile(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...web, ...objects] }));
    const { value, problems } = await readWorld(path, texts);
    expect(problems).toEqual([]);
    return value;
  }

  /** Of a node in a mesh of `web` and more. */
  async function isLive(objects: readonly JsonObject[], node = nodeOf(), texts: Texts = {}): Promise<void> {
    const world = await worldOf(objects, texts);
    // A warning is about what is loaded nevertheless, as two protocols on one port of a pod.
    expect(compile(world, [node]).snapshot.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(await stage.obstacles(world, [node])).toEqual([]);
  }

  it('nothing but its own service', () => isLive([]));

  it('routes', () =>
    isLive([
      virtualService('web', [
        {
          match: [
            { uri: { regex: '/a+' }, headers: { a: {} }, withoutHeaders: { b: { prefix: 'x' } }, queryParams: { c: { exact: '1' } } },
          ],
          redirect: { uri: '/b' },
        },
        {
          match: [{ uri: { prefix: '/c' } }],
          rewrite: { uriRegexRewrite: { match: '/c/(.*)', rewrite: '/\\1' } },
          mirrors: [{ destination: { host: 'web' } }],
          route: [{ destination: { host: 'web', subset: 'v1' } }],
        },
        {
          fault: { delay: { fixedDelay: '1s' } },
          corsPolicy: { allowOrigins: [{ regex: 'a.*' }] },
          retries: { attempts: 2, retryOn: '503', backoff: '1s' },
          route: ['v1', 'v2'].map((subset) => ({ destination: { host: 'web', subset }, weight: 50 })),
        },
      ]),
      destinationRule('web', ['v1', 'v2']),
    ]));

  it('traffic policies', () =>
    isLive([
      nodeObject('near', { region: 'north', zone: 'a' }),
      destinationRule('web', ['v1'], {
        loadBalancer: { consistentHash: { httpCookie: { name: 'c', ttl: '1s' }, maglev: { tableSize: 101 } } },
        connectionPool: {
          tcp: { maxConnections: 1, tcpKeepalive: { time: '1s' } },
          http: { h2UpgradePolicy: 'UPGRADE', idleTimeout: '1s' },
        },
        outlierDetection: { consecutiveGatewayErrors: 1, splitExternalLocalOriginErrors: true, minHealthPercent: 10 },
      }),
      ...serviceOfPods({ ...ofWeb, name: 'warm', ports: { http: 81 } }),
      destinationRule('warm', [], {
        loadBalancer: {
          simple: 'ROUND_ROBIN',
          warmup: { duration: '10s' },
          localityLbSetting: { failoverPriority: ['topology.kubernetes.io/zone'] },
        },
        outlierDetection: {},
        proxyProtocol: { version: 'V2' },
      }),
    ]));

  it('TLS modes', () =>
    isLive(
      ['SIMPLE', 'ISTIO_MUTUAL', 'DISABLE'].flatMap((mode, index) => {
        const name = mode.toLowerCase().replace('_', '-');
        const tls = { mode, ...(mode === 'SIMPLE' && { sni: 'a.test', subjectAltNames: ['a.test'] }) };
        return [...serviceOfPods({ ...ofWeb, name, ports: { https: 443 + index } }), destinationRule(name, [], { tls })];
      }),
    ));

  it('ServiceEntries', () =>
    isLive([
      serviceEntry('static', { hosts: ['static.test'], ports: { http: 80, tls: 443 }, endpoints: [{ address: '10.2.0.1' }] }),
      serviceEntry('none', { hosts: ['*.none.test'], addresses: ['10.3.0.0/16'], ports: { tcp: 9000, https: 443 }, resolution: 'NONE' }),
      serviceEntry('dns', { hosts: ['dns.test'], ports: { http: 80 }, resolution: 'DNS', endpoints: [{ address: 'localhost' }] }),
      serviceEntry('round', {
        hosts: ['round.test'],
        ports: { http: 80 },
        resolution: 'DNS_ROUND_ROBIN',
        endpoints: [{ address: 'localhost' }],
      }),
      serviceEntry('dynamic', { hosts: ['*.dynamic.test'], ports: { http: 80, tls: 443 }, resolution: 'DYNAMIC_DNS' }),
    ]));

  it('a Sidecar', () =>
    isLive([
      istio('Sidecar', 'web', {
        workloadSelector: { labels: { app: 'web' } },
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
        ingress: [{ port: { number: 9000, protocol: 'HTTP', name: 'http' }, defaultEndpoint: '127.0.0.1:8080' }],
        egress: [
          { port: { number: 9001, protocol: 'HTTP', name: 'http' }, bind: '127.0.0.1', captureMode: 'NONE', hosts: ['./*'] },
          { hosts: ['./web.shop.svc.cluster.local'] },
        ],
      }),
    ]));

  it('headless services', () =>
    isLive(serviceOfPods({ ...ofWeb, name: 'peers', clusterIp: 'None', ports: { http: 8080, tcp: 9000, unnamed: 9001 } })));

  it('ports of all protocols', () => isLive(serviceOfPods({ ...ofWeb, name: 'all', clusterIp: '10.96.0.20', ports, targets: ports })));

  it('access logs and settings of the mesh', () =>
    isLive([], nodeOf(), {
      meshConfig: JSON.stringify({
        accessLogFile: '/dev/null',
        accessLogEncoding: 'JSON',
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
        protocolDetectionTimeout: '5s',
        localityLbSetting: { enabled: true },
      }),
    }));

  it('addresses of both families', () =>
    isLive(
      [
        ...serviceOfPods({
          ...ofWeb,
          name: 'dual',
          ports: { http: 81, tcp: 91 },
          spec: { clusterIPs: ['10.96.0.10', 'fd00::10'], ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' },
        }),
      ],
      nodeOf({ metadata: { INSTANCE_IPS: '10.1.0.1,fd00::1', ISTIO_DUAL_STACK: 'true' } }),
      { features: JSON.stringify({ ISTIO_DUAL_STACK: 'true' }) },
    ));

  it('IPv6 alone', () => isLive([], nodeOf({ metadata: { INSTANCE_IPS: 'fd00::1' } }, 'fd00::1')));

  it('interception by TPROXY', () => isLive([], nodeOf({ metadata: { INTERCEPTION_MODE: 'TPROXY' } })));

  it('no interception', () => isLive([], nodeOf({ metadata: { INTERCEPTION_MODE: 'NONE' } })));

  it('captured DNS', () =>
    isLive(
      [serviceEntry('auto', { hosts: ['auto.test'], ports: { tcp: 9000 }, resolution: 'STATIC', endpoints: [{ address: '10.2.0.1' }] })],
      nodeOf({ metadata: { DNS_CAPTURE: 'true', DNS_AUTO_ALLOCATE: 'true' } }),
    ));

  it('a gateway’s servers', () =>
    isLive(
      [
        istio('Gateway', 'edge', {
          selector: { app: 'web' },
          servers: [
            { port: { number: 80, protocol: 'HTTP', name: 'http' }, hosts: ['edge.test'] },
            { port: { number: 9000, protocol: 'TCP', name: 'tcp' }, hosts: ['*'] },
          ],
        }),
        virtualService('edge', [{ route: [{ destination: { host: 'web' } }] }], {
          hosts: ['edge.test'],
          gateways: ['edge'],
          tcp: [{ match: [{ port: 9000 }], route: [{ destination: { host: 'web' } }] }],
        }),
      ],
      { ...nodeOf(), id: `router~10.1.0.1~web-v1.${namespace}~${namespace}.svc.cluster.local` },
    ));
});
