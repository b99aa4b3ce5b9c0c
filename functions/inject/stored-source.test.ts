import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterKey, encodeCluster, encodeTag, encodeTexts, revisionKey, tagKey } from '../../shared/inject/stored-config.ts';
import { fileStore } from '../../shared/store/file.ts';
import type { Store } from '../../shared/store/store.ts';
import { plainHost, plainSettings } from '../../test/fixtures/inject.ts';
import type { ConfigSource } from './held-injector.ts';
import { storedSource } from './stored-source.ts';

let folder: string;
let store: Store;
let source: ConfigSource;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pilotless-config-'));
  store = fileStore(folder);
  source = storedSource({ store, settings: plainSettings, host: plainHost });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = async (key: string, bytes: Uint8Array): Promise<void> => {
  const seen = await store.read(key);
  await store.compareAndSwap(key, seen.kind === 'found' ? seen.version : undefined, bytes);
};
const read = (revision: string, known?: string) => source.read(revision, known, new AbortController().signal);

describe('storedSource', () => {
  it('finds nothing where nobody stored anything', async () => {
    expect(await read('default')).toEqual({ kind: 'absent' });
  });

  it('gives the injector of a revision, with the facts of the cluster', async () => {
    await put(revisionKey('canary'), encodeTexts({ valuesText: 'global: {hub: example.com/mesh}' }));
    await put(
      clusterKey,
      encodeCluster([{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, status: { nodeInfo: { kubeletVersion: 'v1.30.0' } } }]),
    );

    const answer = await read('canary');

    expect(answer).toMatchObject({
      kind: 'found',
      injector: {
        config: {
          revision: 'canary',
          values: { global: { hub: 'example.com/mesh' } },
          clusterFacts: { kubeletVersions: { n: 'v1.30.0' } },
        },
      },
    });
  });

  it('follows a tag to its revision', async () => {
    await put(revisionKey('v2'), encodeTexts({}));
    await put(tagKey('prod'), encodeTag('v2'));

    expect(await read('prod')).toMatchObject({ kind: 'found', injector: { config: { revision: 'v2' } } });
  });

  it('says that nothing changed while revision, tag and facts are the same, and only then', async () => {
    await put(revisionKey('v1'), encodeTexts({}));
    const first = await read('v1');
    const version = first.kind === 'found' ? first.version : '';

    expect(await read('v1', version)).toEqual({ kind: 'unchanged' });
    await put(clusterKey, encodeCluster([]));
    expect((await read('v1', version)).kind).toBe('found');
  });

  it.each([
    ['no JSON', new TextEncoder().encode('{'), 'revision v1 is no JSON'],
    ['a later format', new TextEncoder().encode('{"schemaVersion": 3}'), 'has schema version 3, and this program reads 0 and 1'],
    ['a template that does not parse', encodeTexts({ injectConfigText: 'templates: {mine: "{{ if }}"}' }), 'templates.mine'],
    ['values that are no map', encodeTexts({ valuesText: '- a' }), 'values: is no map'],
  ])('calls %s broken, and says why', async (_name, bytes, message) => {
    await put(revisionKey('v1'), bytes);

    expect(await read('v1')).toMatchObject({ kind: 'broken', message: expect.stringContaining(message) });
  });
});
