import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Client, type ClientDuplexStream, credentials, ServerCredentials, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterSchema } from '../../shared/gen/envoy/config/cluster/v3/cluster_pb.js';
import { DeltaDiscoveryResponseSchema, DiscoveryResponseSchema } from '../../shared/gen/envoy/service/discovery/v3/discovery_pb.js';
import { contentHash } from '../../shared/lib/hash.ts';
import { silentLogger } from '../../shared/observe/log.ts';
import { noMetrics } from '../../shared/observe/metrics.ts';
import { chunk } from '../../shared/snapshot/chunk.ts';
import { resource } from '../../shared/snapshot/resource.ts';
import { deltaRequest, nodeId, sotwRequest } from '../../test/fixtures/proxy-client.ts';
import { onlyClass, typeUrls } from '../../test/fixtures/snapshots.ts';
import { systemClock } from './clock.ts';
import { debugAnswer } from './debug.ts';
import { Gateway } from './gateway.ts';
import { listen, type RunningServer } from './server.ts';

const bytes = toBinary(ClusterSchema, create(ClusterSchema, { name: 'outbound|80||web.shop' }));
const cluster = resource({ typeUrl: typeUrls.cds, name: 'outbound|80||web.shop', bytes });

let gateway: Gateway;
let server: RunningServer;
let client: Client;

beforeEach(async () => {
  gateway = new Gateway({
    servesSecrets: true,
    clock: systemClock,
    log: silentLogger,
    metrics: noMetrics,
    requestClass: async () => undefined,
    originsOf: async () => [],
    answerDebug: () => undefined,
  });
  gateway.serve({
    classes: new Map([[onlyClass, { chunks: [chunk([cluster])] }]]),
    bodies: new Map([[cluster.hash, bytes]]),
    projection: { fields: [], lookups: [] },
  });
  server = await listen({ gateway, address: '127.0.0.1:0', credentials: ServerCredentials.createInsecure() });
  client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
});

afterEach(() => {
  client.close();
  server.close();
});

function open(method: string): ClientDuplexStream<Buffer, Buffer> {
  const asIs = (value: Buffer): Buffer => value;
  return client.makeBidiStreamRequest(`/envoy.service.discovery.v3.AggregatedDiscoveryService/${method}`, asIs, asIs);
}

function next(stream: ClientDuplexStream<Buffer, Buffer>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    stream.once('data', resolve);
    stream.once('error', reject);
  });
}

describe('listen', () => {
  it('serves SotW', async () => {
    const stream = open('StreamAggregatedResources');
    const answer = next(stream);
    stream.write(Buffer.from(sotwRequest({ typeUrl: typeUrls.cds, node: { id: nodeId } })));

    const { resources } = fromBinary(DiscoveryResponseSchema, await answer);

    expect(resources).toMatchObject([{ typeUrl: typeUrls.cds }]);
    expect(contentHash(resources[0]?.value ?? '')).toBe(cluster.hash);
    stream.end();
  });

  it('serves delta, and tells in a dump what was sent', async () => {
    const stream = open('DeltaAggregatedResources');
    const answer = next(stream);
    stream.write(Buffer.from(deltaRequest({ typeUrl: typeUrls.cds, node: { id: nodeId } })));

    const { resources } = fromBinary(DeltaDiscoveryResponseSchema, await answer);
    const { body } = await debugAnswer({ gateway }, 'config_dump?proxyID=web-1.shop&include_eds');

    expect(resources).toMatchObject([{ name: cluster.name, version: cluster.hash }]);
    const { configs } = JSON.parse(body) as { readonly configs: readonly Record<string, unknown>[] };
    expect(configs.map((config) => String(config['@type']).split('.').at(-1))).toEqual([
      'BootstrapConfigDump',
      'ClustersConfigDump',
      'EndpointsConfigDump',
      'ListenersConfigDump',
      'ScopedRoutesConfigDump',
      'RoutesConfigDump',
      'SecretsConfigDump',
      'EcdsConfigDump',
    ]);
    expect(configs[1]).toMatchObject({
      dynamicActiveClusters: [{ versionInfo: cluster.hash, cluster: { '@type': typeUrls.cds, name: cluster.name } }],
    });
    stream.end();
  });

  it('ends a stream that it refuses with status and reason', async () => {
    const stream = open('StreamAggregatedResources');
    const answer = next(stream);
    stream.write(Buffer.from(sotwRequest({ typeUrl: typeUrls.cds })));

    await expect(answer).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, details: 'missing node information' });
  });

  it('forgets a client that went away', async () => {
    const stream = open('StreamAggregatedResources');
    const answer = next(stream);
    stream.write(Buffer.from(sotwRequest({ typeUrl: typeUrls.cds, node: { id: nodeId } })));
    await answer;
    expect(gateway.sessions.size).toBe(1);

    const ended = new Promise((resolve) => stream.once('end', resolve));
    stream.end();
    stream.resume();
    await ended;

    expect(gateway.sessions.size).toBe(0);
  });
});
