import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ClusterLoadAssignmentSchema } from '../../shared/gen/envoy/config/endpoint/v3/endpoint_pb.js';
import { RouteConfigurationSchema } from '../../shared/gen/envoy/config/route/v3/route_pb.js';
import type { JsonObject } from '../../shared/lib/json.ts';
import { silentLogger } from '../../shared/observe/log.ts';
import { noMetrics } from '../../shared/observe/metrics.ts';
import type { Origin } from '../../shared/snapshot/origins.ts';
import { classKeyOf, type Projection } from '../../shared/snapshot/projection.ts';
import type { ServingSnapshot } from '../../shared/snapshot/snapshot.ts';
import { ManualClock, nodeId, ProxyClient } from '../../test/fixtures/proxy-client.ts';
import { onlyClass, resourcesOf, snapshotOf, typeUrls, type World } from '../../test/fixtures/snapshots.ts';
import { debugAnswer } from './debug.ts';
import { Gateway, type GatewayOptions } from './gateway.ts';

const { cds, eds, lds, rds } = typeUrls;
const world: World = { cds: { web: '1' }, eds: { web: '1' }, lds: { l: '1' }, rds: { '80': '1' } };
const reviews: Origin = { kind: 'VirtualService', namespace: 'default', name: 'reviews' };

function setUp(options: Partial<GatewayOptions> = {}): { gateway: Gateway; clock: ManualClock } {
  const clock = new ManualClock();
  const gateway = new Gateway({
    clock,
    log: silentLogger,
    metrics: noMetrics,
    requestClass: async () => undefined,
    originsOf: async () => [reviews],
    answerDebug: () => undefined,
    ...options,
  });
  return { gateway, clock };
}

/** Lets settled promises run their continuations. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

describe('a SotW stream', () => {
  it('gets the bytes of the snapshot in an envelope', () => {
    const { gateway } = setUp();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'sotw');

    client.sotw({ typeUrl: cds }, {});

    const [response] = client.sotwResponses();
    expect(response).toMatchObject({
      typeUrl: cds,
      nonce: '1',
      resources: [{ typeUrl: cds, value: Buffer.from('web=1;eds') }],
    });
    expect(response?.versionInfo).toMatch(/^[0-9a-f]{16}$/);
    expect(gateway.counters).toMatchObject({ responses: 1, resources: 1, encoded: 0, nacks: 0 });
  });

  it('has the same version from every replica', () => {
    const versions = [1, 2].map(() => {
      const { gateway } = setUp();
      gateway.serve(snapshotOf(world));
      const client = new ProxyClient(gateway, 'sotw');
      client.sotw({ typeUrl: cds }, {});
      return client.sotwResponses()[0]?.versionInfo;
    });

    expect(versions[0]).toBe(versions[1]);
  });

  it('answers names that nobody has with an empty assignment and empty routes, and counts them', () => {
    const { gateway } = setUp();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'sotw');

    client.sotw({ typeUrl: eds, resourceNames: ['nobody'] }, {});
    client.sotw({ typeUrl: rds, resourceNames: ['4711'] });

    const [assignment, route] = client.sotwResponses().map(({ resources }) => resources[0]?.value ?? new Uint8Array());
    expect(fromBinary(ClusterLoadAssignmentSchema, assignment ?? new Uint8Array())).toMatchObject({ clusterName: 'nobody', endpoints: [] });
    expect(fromBinary(RouteConfigurationSchema, route ?? new Uint8Array())).toMatchObject({
      name: '4711',
      validateClusters: false,
      virtualHosts: [],
    });
    expect(gateway.counters.encoded).toBe(2);
  });
});

describe('a delta stream', () => {
  it('gets resources with name and hash, and then only what changed', () => {
    const { gateway } = setUp();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'delta');
    client.delta({ typeUrl: lds }, {});
    const [first] = client.deltaResponses();
    client.delta({ typeUrl: lds, responseNonce: first?.nonce ?? '' });

    gateway.serve(snapshotOf({ ...world, lds: { l: '1', m: '1' } }));

    expect(first?.resources).toMatchObject([{ name: 'l', version: resourcesOf(world).find(({ typeUrl }) => typeUrl === lds)?.hash }]);
    expect(client.deltaResponses()).toMatchObject([
      { typeUrl: lds, removedResources: [], resources: [{ name: 'm', resource: { typeUrl: lds } }] },
    ]);
  });

  it('is told of removals by a message of their own', () => {
    const { gateway } = setUp();
    gateway.serve(snapshotOf({ ...world, lds: { l: '1', m: '1' } }));
    const client = new ProxyClient(gateway, 'delta');
    client.delta({ typeUrl: lds }, {});
    client.delta({ typeUrl: lds, responseNonce: client.deltaResponses()[0]?.nonce ?? '' });

    gateway.serve(snapshotOf(world));

    expect(client.deltaResponses()).toMatchObject([{ removedResources: ['m'], resources: [] }]);
  });

  it('gets no resource that it named in the same version, also from another replica', () => {
    const { gateway } = setUp();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'delta');
    const versions = Object.fromEntries(resourcesOf(world).map(({ name, hash }) => [name, hash]));

    client.delta({ typeUrl: lds, initialResourceVersions: { l: versions['l'] ?? '', gone: 'x' } }, {});

    const [answer, removal] = client.deltaResponses();
    expect(answer).toMatchObject({ resources: [], removedResources: [] });
    expect(removal).toBeUndefined();
    client.delta({ typeUrl: lds, responseNonce: answer?.nonce ?? '' });
    expect(client.deltaResponses()).toMatchObject([{ resources: [], removedResources: ['gone'] }]);
  });
});

describe('a node of an unknown class', () => {
  const byApp: Projection = { fields: [{ paths: [['node', 'metadata', 'APP']], normaliser: { kind: 'asIs' } }], lookups: [] };
  const only = (): ServingSnapshot => ({ ...snapshotOf(world), projection: byApp });
  const withClassOf = (metadata: JsonObject): ServingSnapshot => {
    const value = snapshotOf(world).classes.get(onlyClass);
    if (value === undefined) throw new Error('no class');
    return { ...only(), classes: new Map([[classKeyOf(byApp, { id: nodeId, metadata }), value]]) };
  };

  it('is held, and its class asked for once', async () => {
    const asked: unknown[] = [];
    const { gateway } = setUp({ requestClass: async (node) => void asked.push(node['id']) });
    gateway.serve(only());
    const clients = [new ProxyClient(gateway, 'sotw'), new ProxyClient(gateway, 'sotw')];
    for (const client of clients) client.sotw({ typeUrl: cds }, { APP: 'new' });
    clients[0]?.sotw({ typeUrl: lds });

    expect(clients.flatMap((client) => client.sotwResponses())).toEqual([]);
    expect(asked).toEqual([nodeId]);

    gateway.serve(withClassOf({ APP: 'new' }));

    expect(clients.map((client) => client.sotwResponses().map(({ typeUrl }) => typeUrl))).toEqual([[cds, lds], [cds]]);
  });

  it('is asked for again after a failure, while it waits', async () => {
    let asked = 0;
    const requestClass = async (): Promise<void> => {
      asked += 1;
      throw new Error('away');
    };
    const { gateway, clock } = setUp({ requestClass });
    const client = new ProxyClient(gateway, 'sotw');
    client.sotw({ typeUrl: cds }, {});
    await settled();
    clock.advance(5_000);
    await settled();
    expect(asked).toBe(2);

    gateway.close(client.session);
    clock.advance(5_000);

    expect(asked).toBe(2);
  });

  it('keeps what it has if a later snapshot has no class for it', () => {
    const { gateway } = setUp();
    gateway.serve(withClassOf({ APP: 'a' }));
    const client = new ProxyClient(gateway, 'sotw');
    client.sotw({ typeUrl: cds }, { APP: 'a' });
    client.sotwResponses();

    gateway.serve(only());

    expect(client.sotwResponses()).toEqual([]);
    expect(client.refusal).toBeUndefined();
  });
});

describe('a refusal', () => {
  it('is kept with names, cause, version and the objects that made the resource', async () => {
    const { gateway } = setUp();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'sotw');
    client.sotw({ typeUrl: lds }, {});
    const [response] = client.sotwResponses();

    client.sotw({
      typeUrl: lds,
      responseNonce: response?.nonce ?? '',
      errorDetail: { code: 13, message: 'Error adding/updating listener(s) l: made up' },
    });
    await settled();

    expect(gateway.nacks).toMatchObject([
      {
        connectionId: 'web-1.shop-1',
        typeUrl: lds,
        version: response?.versionInfo,
        message: 'Error adding/updating listener(s) l: made up',
        suspects: [{ name: 'l' }],
        objects: ['VirtualService default/reviews'],
      },
    ]);
    expect(gateway.counters.nacks).toBe(1);
  });

  it('of a type that was never asked for is ignored', () => {
    const { gateway } = setUp();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'delta');

    client.delta({ typeUrl: lds, responseNonce: 'x', errorDetail: { code: 13, message: 'no' } }, {});

    expect(client.deltaResponses()).toEqual([]);
    expect(client.refusal).toBeUndefined();
  });
});

describe('a stream is refused', () => {
  it.each([
    ['', 'invalid-argument', 'missing node information'],
    ['sidecar~10.0.0.1~x', 'invalid-argument', 'missing parts in the service node "sidecar~10.0.0.1~x"'],
    [
      'toaster~10.0.0.1~a.b~c',
      'invalid-argument',
      'invalid node type (valid types: [sidecar router waypoint ztunnel]) in the service node "toaster~10.0.0.1~a.b~c"',
    ],
    ['sidecar~~a.b~c', 'invalid-argument', 'no valid IP address in the service node id or metadata'],
    ['ztunnel~10.0.0.1~a.b~c', 'unimplemented', 'ambient mode is not supported: this control plane serves no ztunnel'],
  ])('for the node id %j', (id, code, message) => {
    const client = new ProxyClient(setUp().gateway, 'sotw');

    client.sotw({ typeUrl: cds, node: { id } });

    expect(client.refusal).toMatchObject({ code, message });
  });

  it('for bytes that are no request', () => {
    const client = new ProxyClient(setUp().gateway, 'sotw');

    client.session.receive(Buffer.from([0xff]));

    expect(client.refusal).toMatchObject({ code: 'invalid-argument' });
  });

  it('for a type that is not served', () => {
    const { gateway } = setUp();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'sotw');

    client.sotw({ typeUrl: 'type.googleapis.com/no.such.Type', resourceNames: ['x'] }, {});

    expect(client.refusal).toMatchObject({ code: 'permission-denied' });
  });

  it('but not for a health report before the first request', () => {
    const { gateway } = setUp();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'sotw');

    client.sotw({ typeUrl: 'type.googleapis.com/istio.v1.HealthInformation' });
    client.sotw({ typeUrl: cds }, {});

    expect(client.refusal).toBeUndefined();
    expect(client.sotwResponses()).toHaveLength(1);
  });
});

describe('/debug/syncz', () => {
  it('tells nonces and the last error of each connection', async () => {
    const { gateway } = setUp();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'sotw');
    client.sotw({ typeUrl: cds }, { CLUSTER_ID: 'Kubernetes', ISTIO_VERSION: '1.29.0' });
    client.sotw({ typeUrl: cds, responseNonce: '1' });
    client.sotw({ typeUrl: lds });
    client.sotw({ typeUrl: lds, responseNonce: '2', errorDetail: { message: 'made up' } });

    const { status, body } = await debugAnswer(gateway, 'syncz');

    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual([
      {
        cluster_id: 'Kubernetes',
        proxy: 'web-1.shop',
        proxy_type: 'sidecar',
        istio_version: '1.29.0',
        cluster_sent: '1',
        cluster_acked: '1',
        listener_sent: '2',
        resources: {
          [cds]: { sent: '1', acked: '1', sentTime: '1970-01-01T00:00:00.000Z' },
          [lds]: { sent: '2', sentTime: '1970-01-01T00:00:00.000Z', lastError: 'made up' },
        },
      },
    ]);
    expect((await debugAnswer(gateway, 'syncz?namespace=other')).body).toBe('[]');
  });
});

describe('/debug', () => {
  it.each([
    ['config_dump', 400, 'You must provide a proxyID in the query string\n'],
    ['config_dump?proxyID=nobody', 404, 'Proxy not connected to this Pilot instance. It may be connected to another instance.\n'],
    ['nothing', 404, '404 page not found\n'],
    ['connections', 200, '{"totalClients":0}'],
    ['nacks', 200, '[]'],
  ])('%s with nobody connected', async (path, status, body) => {
    expect(await debugAnswer(setUp().gateway, path)).toMatchObject({ status, body });
  });
});
