import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileStore } from '../../shared/store/file.ts';
import { replaceHead } from '../../shared/store/replace.ts';
import type { Store } from '../../shared/store/store.ts';
import { storedMesh } from './stored-mesh.ts';

const service = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {ports: [{port: 80}]}\n`;

let folder: string;
let store: Store;
let reads: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pilotless-stored-mesh-'));
  reads = [];
  const files = fileStore(folder);
  store = {
    ...files,
    read: async (key, options) => {
      const answer = await files.read(key, options);
      if (answer.kind === 'found') reads.push(key);
      return answer;
    },
  };
});

afterEach(() => rm(folder, { recursive: true }));

const put = (key: string, text: string): Promise<void> => replaceHead(fileStore(folder), key, Buffer.from(text));
const newSource = () => storedMesh({ source: store, revision: 'default', takesSecrets: true });
const names = ({ value }: { readonly value: { readonly objects: readonly { readonly name: string }[] } }) =>
  value.objects.map(({ name }) => name).sort();

describe('storedMesh', () => {
  it('reads all Kubernetes files, and nothing else', async () => {
    await put('mesh/a.yaml', `${service('a')}---\n${service('b')}`);
    await put('mesh/shop/c.json', '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "c"}}');
    await put('mesh/README.md', 'words');

    expect(names(await newSource()([]))).toEqual(['a', 'b', 'c']);
  });

  it("takes the mesh's settings from Istio's own ConfigMap", async () => {
    const mesh =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata: {mesh: "trustDomain: shop.example"}\n';
    await put('mesh/istio.yaml', mesh);

    expect((await newSource()([])).value.config.trustDomain).toBe('shop.example');
  });

  it('reads again only what changed', async () => {
    await put('mesh/a.yaml', service('a'));
    await put('mesh/b.yaml', service('b'));
    const source = newSource();
    await source([]);
    reads = [];
    await put('mesh/b.yaml', service('b2'));

    expect(names(await source([]))).toEqual(['a', 'b2']);
    expect(reads).toEqual(['mesh/b.yaml']);
  });

  it('forgets what was deleted', async () => {
    await put('mesh/a.yaml', service('a'));
    await put('mesh/b.yaml', service('b'));
    const source = newSource();
    const { value } = await source([]);
    await rm(join(folder, 'mesh/b.yaml'));

    expect(names(await source(value.objects))).toEqual(['a']);
  });

  it('keeps what was served as long as a file is broken that may hold it, also after a restart', async () => {
    await put('mesh/a.yaml', service('a'));
    await put('mesh/b.yaml', service('b'));
    const { value } = await newSource()([]);
    await put('mesh/b.yaml', 'kind: [');

    const broken = await newSource()(value.objects);

    expect(names(broken)).toEqual(['a', 'b']);
    expect(broken.problems).toMatchObject([{ severity: 'error', object: expect.stringContaining('mesh/b.yaml') }]);
  });

  it('leaves secrets out, with a word on each, where the store cannot seal them', async () => {
    await put(
      'mesh/a.yaml',
      `${service('a')}---\napiVersion: v1\nkind: Secret\nmetadata: {name: certificate, namespace: shop}\ndata: {tls.key: c2VjcmV0}\n`,
    );

    const read = await storedMesh({ source: store, revision: 'default', takesSecrets: false })([]);

    expect(names(read)).toEqual(['a']);
    expect(read.problems).toMatchObject([
      { severity: 'warning', object: 'Secret shop/certificate', message: expect.stringContaining('left out') },
    ]);
    expect(names(await newSource()([]))).toEqual(['a', 'certificate']);
  });

  it('refuses a mesh without any file: it was more likely moved than given up', async () => {
    await expect(newSource()([])).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('PILOTLESS_SOURCE') });
  });
});
