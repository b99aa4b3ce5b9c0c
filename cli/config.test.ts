import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandLine } from '../test/fixtures/command-line.ts';

let folder: string;
let store: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pilotless-cli-'));
  store = `file:${join(folder, 'store')}`;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('pilotless config put and pilotless tag', () => {
  it('store a revision and let a tag stand for it', async () => {
    const values = await file('values.yaml', 'global: {hub: example.com/mesh}');

    expect(await commandLine('config', 'put', '--store', store, '--revision', 'v2', '--valuesFile', values)).toMatchObject({ exitCode: 0 });
    expect(await commandLine('tag', 'set', 'prod', '--revision', 'v2', '--store', store)).toMatchObject({ exitCode: 0 });
    expect(await commandLine('tag', 'list', '--store', store)).toMatchObject({ exitCode: 0, stdout: 'prod\tv2\n' });
  });

  it('store nothing that the function could not read', async () => {
    const broken = await file('inject.yaml', 'templates: {mine: "{{ if }}"}');

    const put = await commandLine('config', 'put', '--store', store, '--injectConfigFile', broken);

    expect(put).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('templates.mine') });
    expect(await commandLine('tag', 'set', 'prod', '--revision', 'default', '--store', store)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('there is no revision default'),
    });
  });

  it('do not move a tag by accident', async () => {
    for (const revision of ['v1', 'v2']) await commandLine('config', 'put', '--store', store, '--revision', revision);
    await commandLine('tag', 'set', 'prod', '--revision', 'v1', '--store', store);

    expect(await commandLine('tag', 'set', 'prod', '--revision', 'v2', '--store', store)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--overwrite'),
    });
    expect(await commandLine('tag', 'set', 'prod', '--revision', 'v2', '--overwrite', '--store', store)).toMatchObject({ exitCode: 0 });
  });

  it('say in one line what a store looks like', async () => {
    const answer = await commandLine('tag', 'list', '--store', 's3:');

    expect(answer).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('file:FOLDER') });
    expect(answer.stderr.trim().split('\n')).toHaveLength(1);
  });
});
