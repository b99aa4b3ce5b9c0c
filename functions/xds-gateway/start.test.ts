import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from '../../shared/lib/hash.ts';
import { silentLogger } from '../../shared/observe/log.ts';
import { noMetrics } from '../../shared/observe/metrics.ts';
import { canonicalJson } from '../../shared/snapshot/canonical-json.ts';
import { encodeSnapshot } from '../../shared/snapshot/codec.ts';
import { fileStore } from '../../shared/store/file.ts';
import { replaceHead } from '../../shared/store/replace.ts';
import { configHeadKey, publishSnapshot, seeHead } from '../../shared/store/snapshots.ts';
import type { Store } from '../../shared/store/store.ts';
import { nodeId, sotwRequest } from '../../test/fixtures/proxy-client.ts';
import { snapshotOf, type World } from '../../test/fixtures/snapshots.ts';
import { type RunningGateway, startGateway } from './start.ts';

const reviews = { kind: 'VirtualService', namespace: 'default', name: 'reviews' };

let folder: string;
let store: Store;
let running: RunningGateway;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pilotless-gateway-'));
  store = fileStore(folder);
  running = await startGateway({
    store,
    log: silentLogger,
    metrics: noMetrics,
    now: () => new Date(),
    address: '127.0.0.1:0',
    requestClass: async () => undefined,
  });
});

afterEach(async () => {
  running.close();
  await rm(folder, { recursive: true, force: true });
});

async function publish(world: World): Promise<string> {
  const snapshot = snapshotOf(world);
  const encoded = encodeSnapshot({ ...snapshot, origins: new Map([...snapshot.bodies.keys()].map((hash) => [hash, [reviews]])) });
  const seen = await seeHead(store);
  if (!seen.ok) throw new Error(seen.error);
  expect(await publishSnapshot(store, encoded, seen.value)).toBe('published');
  await running.follower.refresh();
  return encoded.manifest;
}

describe('startGateway', () => {
  it('serves what the head of the store names, and the next when it changes', async () => {
    const first = await publish({ cds: { a: '1' } });
    expect(running.follower.manifest).toBe(first);

    const second = await publish({ cds: { a: '2' } });

    expect(running.follower.manifest).toBe(second);
  });

  it.each([
    ['is not in the store', canonicalJson({ schema: 1, stable: contentHash('nowhere') })],
    ['head names no stable manifest', '{}'],
    ['head is empty', ''],
    ['head is no JSON', '{"schema":1,"sta'],
    ['head has schema version 2; this version reads 0 and 1', canonicalJson({ schema: 2, stable: contentHash('later') })],
  ])('keeps the last good snapshot where the manifest %s', async (reason, head) => {
    const good = await publish({ cds: { a: '1' } });

    await replaceHead(store, configHeadKey, Buffer.from(head));
    await running.follower.refresh();

    expect(running.follower.manifest).toBe(good);
    expect(running.follower.refused).toContain(reason);
  });

  it('refuses a snapshot without classes', async () => {
    const good = await publish({ cds: { a: '1' } });
    const empty = encodeSnapshot({ ...snapshotOf({ cds: { a: '1' } }), classes: new Map() });
    const seen = await seeHead(store);

    if (!seen.ok) throw new Error(seen.error);
    await publishSnapshot(store, empty, seen.value);
    await running.follower.refresh();

    expect(running.follower.manifest).toBe(good);
    expect(running.follower.refused).toBe('class table has no classes');
  });

  it('knows the objects that made a resource', async () => {
    await publish({ cds: { a: '1' } });

    expect(await running.follower.originsOf(contentHash('a=1'))).toEqual([reviews]);
    expect(await running.follower.originsOf(contentHash('other'))).toEqual([]);
  });

  it('gives nobody unknown what is for debugging', async () => {
    const client = new Client(`127.0.0.1:${running.port}`, credentials.createInsecure());
    const asIs = (value: Buffer): Buffer => value;
    const method = '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources';
    const stream = client.makeBidiStreamRequest(method, asIs, asIs);
    const failure = new Promise<Error>((resolve) => stream.once('error', resolve));

    stream.write(Buffer.from(sotwRequest({ typeUrl: 'istio.io/debug', resourceNames: ['syncz'], node: { id: nodeId } })));

    expect(await failure).toMatchObject({ details: 'authentication required' });
    client.close();
  });
});

describe('publishSnapshot', () => {
  it('lets one of two compilers win that saw the same head', async () => {
    const seen = await seeHead(store);
    if (!seen.ok) throw new Error(seen.error);
    const [one, two] = [encodeSnapshot(snapshotOf({ cds: { a: '1' } })), encodeSnapshot(snapshotOf({ cds: { a: '2' } }))];

    expect([await publishSnapshot(store, one, seen.value), await publishSnapshot(store, two, seen.value)]).toEqual(['published', 'lost']);
  });

  it('changes nothing where the same snapshot is served', async () => {
    await publish({ cds: { a: '1' } });
    const seen = await seeHead(store);
    if (!seen.ok) throw new Error(seen.error);

    expect(await publishSnapshot(store, encodeSnapshot(snapshotOf({ cds: { a: '1' } })), seen.value)).toBe('published');
    const again = await seeHead(store);
    expect(again.ok && (await publishSnapshot(store, encodeSnapshot(snapshotOf({ cds: { a: '1' } })), again.value))).toBe('unchanged');
  });
});
