import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeMeshFile, keepLastGood, meshObjects, readMeshFiles } from './read.ts';

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\n`;

describe('decodeMeshFile', () => {
  it('gives each document with its file and line', () => {
    const { objects, problems } = decodeMeshFile('mesh.yaml', `${service('a')}---\n${service('b')}`);

    expect(problems).toEqual([]);
    expect(objects).toEqual([
      expect.objectContaining({ apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'a', file: 'mesh.yaml', line: 1 }),
      expect.objectContaining({ name: 'b', file: 'mesh.yaml', line: 7 }),
    ]);
    expect(objects[0]?.content).toEqual({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'shop' } });
  });

  it('takes lists apart, also nested and typed ones', () => {
    const item = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } });
    const list = { apiVersion: 'v1', kind: 'List', items: [item('a'), { apiVersion: 'v1', kind: 'PodList', items: [item('b')] }] };

    expect(decodeMeshFile('mesh.json', JSON.stringify(list)).objects.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('knows objects of the cluster by their empty namespace', () => {
    const { objects } = decodeMeshFile('mesh.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n');

    expect(objects).toMatchObject([{ kind: 'Namespace', name: 'shop', namespace: '' }]);
  });

  it.each(['', '---\n', '# only a comment\n---\n# and another\n'])('finds nothing in a file without content: %j', (text) => {
    expect(decodeMeshFile('mesh.yaml', text)).toEqual({ path: 'mesh.yaml', objects: [], problems: [] });
  });

  const broken = [
    { name: 'YAML that does not parse', text: 'a: [1', at: 'mesh.yaml', message: 'document from line 7' },
    { name: 'a scalar', text: 'hello', at: 'mesh.yaml:7', message: 'is no Kubernetes object' },
    { name: 'no apiVersion', text: 'kind: Service\nmetadata: {name: x}', at: 'mesh.yaml:7', message: 'write for example apiVersion: v1' },
    { name: 'no kind', text: 'apiVersion: v1\nmetadata: {name: x}', at: 'mesh.yaml:7', message: 'write for example kind: Service' },
    { name: 'no name', text: 'apiVersion: v1\nkind: Service', at: 'mesh.yaml:7', message: 'is missing in this Service' },
  ];
  it.each(broken)('reports $name with its place and keeps the other documents', ({ text, at, message }) => {
    const { objects, problems } = decodeMeshFile('mesh.yaml', `${service('a')}---\n${text}\n---\n${service('c')}`);

    expect(objects.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(problems).toEqual([expect.objectContaining({ severity: 'error', object: at, message: expect.stringContaining(message) })]);
  });
});

describe('keepLastGood', () => {
  const good = decodeMeshFile('a.yaml', service('a'));
  const changed = decodeMeshFile('a.yaml', service('a2'));
  const broken = decodeMeshFile('a.yaml', 'a: [1');
  const other = decodeMeshFile('b.yaml', service('b'));

  const cases = [
    { name: 'takes a file that is right', last: [good], next: [changed, other], expected: ['a2', 'b'] },
    { name: 'keeps the objects of a file that broke and takes the others', last: [good], next: [broken, other], expected: ['a', 'b'] },
    { name: 'keeps what is right of a file that was broken from the start', last: [], next: [broken, other], expected: ['b'] },
    { name: 'forgets a file that is gone', last: [good, other], next: [other], expected: ['b'] },
  ];
  it.each(cases)('$name', ({ last, next, expected }) => {
    expect(meshObjects(keepLastGood(last, next)).map(({ name }) => name)).toEqual(expected);
  });

  it('still tells what is wrong', () => {
    expect(keepLastGood([good], [broken])[0]?.problems).toHaveLength(1);
  });
});

describe('readMeshFiles', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pilotless-read-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('reads a folder with all below, sorted by path, and leaves out what is no manifest', async () => {
    await mkdir(join(directory, 'sub'));
    await mkdir(join(directory, '.hidden'));
    await mkdir(join(directory, 'node_modules'));
    const files = ['z.yaml', 'a.YML', 'sub/m.yaml', 'notes.txt', '.hidden/x.yaml', '.draft.yaml', 'node_modules/x.yaml'];
    for (const file of files) await writeFile(join(directory, file), service('a'));
    await writeFile(join(directory, 'j.json'), '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"j"}}');

    const read = await readMeshFiles(directory);

    expect(read.map(({ path }) => path)).toEqual(['a.YML', 'j.json', 'sub/m.yaml', 'z.yaml'].map((file) => join(directory, file)));
    expect(meshObjects(read)).toHaveLength(4);
  });

  it('reads a single file of any ending', async () => {
    await writeFile(join(directory, 'mesh'), service('a'));

    expect(meshObjects(await readMeshFiles(join(directory, 'mesh')))).toHaveLength(1);
  });

  it('leaves out what vanishes or points nowhere below the folder', async () => {
    await symlink(join(directory, 'nowhere'), join(directory, 'link.yaml'));

    expect(await readMeshFiles(directory)).toEqual([]);
  });

  it('refuses a path that does not exist', async () => {
    await expect(readMeshFiles(join(directory, 'nowhere'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/nowhere does not exist$/),
    });
  });
});
