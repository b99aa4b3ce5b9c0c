import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { compile } from '../../shared/compile/compile.ts';
import { ClusterLoadAssignmentSchema } from '../../shared/gen/envoy/config/endpoint/v3/endpoint_pb.js';
import { RouteConfigurationSchema } from '../../shared/gen/envoy/config/route/v3/route_pb.js';
import { NameTableSchema } from '../../shared/gen/istio/nds_pb.js';
import type { JsonObject } from '../../shared/lib/json.ts';
import { classKeyOf, type Projection } from '../../shared/snapshot/projection.ts';
import type { ServingSnapshot } from '../../shared/snapshot/snapshot.ts';
import { newGateway } from '../../test/fixtures/gateway.ts';
import { type RawObject, webService, worldOf } from '../../test/fixtures/kubernetes-world.ts';
import { nodeId, ProxyClient } from '../../test/fixtures/proxy-client.ts';
import { onlyClass, resourcesOf, snapshotOf, typeUrls, type World } from '../../test/fixtures/snapshots.ts';
import type { Gateway } from './gateway.ts';

const { cds, eds, lds, rds } = typeUrls;
const world: World = { cds: { web: '1' }, eds: { web: '1' }, lds: { l: '1' }, rds: { '80': '1' } };
/** Lets settled promises run their continuations. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

describe('a SotW stream', () => {
  it('gets the bytes of the snapshot in an envelope', () => {
    const { gateway } = newGateway();
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
      const { gateway } = newGateway();
      gateway.serve(snapshotOf(world));
      const client = new ProxyClient(gateway, 'sotw');
      client.sotw({ typeUrl: cds }, {});
      return client.sotwResponses()[0]?.versionInfo;
    });

    expect(versions[0]).toBe(versions[1]);
  });

  it('answers names that nobody has with an empty assignment and empty routes, and counts them', () => {
    const { gateway } = newGateway();
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
    const { gateway } = newGateway();
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
    const { gateway } = newGateway();
    gateway.serve(snapshotOf({ ...world, lds: { l: '1', m: '1' } }));
    const client = new ProxyClient(gateway, 'delta');
    client.delta({ typeUrl: lds }, {});
    client.delta({ typeUrl: lds, responseNonce: client.deltaResponses()[0]?.nonce ?? '' });

    gateway.serve(snapshotOf(world));

    expect(client.deltaResponses()).toMatchObject([{ removedResources: ['m'], resources: [] }]);
  });

  it('gets no resource that it named in the same version, also from another replica', () => {
    const { gateway } = newGateway();
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
    const { gateway } = newGateway({ requestClass: async (node) => void asked.push(node['id']) });
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
    const { gateway, clock } = newGateway({ requestClass });
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
    const { gateway } = newGateway();
    gateway.serve(withClassOf({ APP: 'a' }));
    const client = new ProxyClient(gateway, 'sotw');
    client.sotw({ typeUrl: cds }, { APP: 'a' });
    client.sotwResponses();

    gateway.serve(only());

    expect(client.sotwResponses()).toEqual([]);
    expect(client.refusal).toBeUndefined();
  });
});

describe('a resource without a name', () => {
  const nameTable = 'type.googleapis.com/istio.networking.nds.v1.NameTable';
  const metadata = { NAMESPACE: 'shop', DNS_CAPTURE: 'true' };

  /** A gateway that serves what was compiled for the node. */
  function serving(...objects: readonly RawObject[]): { readonly gateway: Gateway; serve(...others: readonly RawObject[]): void } {
    const { gateway } = newGateway();
    const serve = (...others: readonly RawObject[]): void => gateway.serve(compile(worldOf(others), [{ id: nodeId, metadata }]).snapshot);
    serve(...objects);
    return { gateway, serve };
  }

  function hostsIn(bytes: Uint8Array | undefined): readonly string[] {
    return Object.keys(fromBinary(NameTableSchema, bytes ?? new Uint8Array()).table);
  }

  it('is the name table of a proxy that asks for it, and comes again when names do', () => {
    const { gateway, serve } = serving(webService('web'));
    const client = new ProxyClient(gateway, 'sotw');

    client.sotw({ typeUrl: nameTable }, metadata);
    const [first] = client.sotwResponses();
    client.sotw({ typeUrl: nameTable, responseNonce: first?.nonce ?? '' });
    serve(webService('web'), webService('db'));

    const [second] = client.sotwResponses();
    expect(hostsIn(first?.resources[0]?.value)).toEqual(['web.shop.svc.cluster.local']);
    expect(hostsIn(second?.resources[0]?.value)).toEqual(['db.shop.svc.cluster.local', 'web.shop.svc.cluster.local']);
  });

  it('has an empty name in delta', () => {
    const { gateway } = serving(webService('web'));
    const client = new ProxyClient(gateway, 'delta');

    client.delta({ typeUrl: nameTable }, metadata);

    const [answer] = client.deltaResponses();
    expect(answer?.resources).toMatchObject([{ name: '' }]);
    expect(hostsIn(answer?.resources[0]?.resource?.value)).toEqual(['web.shop.svc.cluster.local']);
  });
});

describe('a refusal', () => {
  it('is kept with names, cause, version and the objects that made the resource', async () => {
    const { gateway } = newGateway();
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
    const { gateway } = newGateway();
    gateway.serve(snapshotOf(world));
    const client = new ProxyClient(gateway, 'delta');

    client.delta({ typeUrl: lds, responseNonce: 'x', errorDetail: { code: 13, message: 'no' } }, {});

    expect(client.deltaResponses()).toEqual([]);
    expect(client.refusal).toBeUndefined();
  });
});
