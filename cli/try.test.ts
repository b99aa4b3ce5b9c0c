import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commandLine } from '../test/fixtures/command-line.ts';
import { startSurroundings } from './try/surroundings.ts';

it('answers as three versions, and points an Envoy at the gateway and at the certificates', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pilotless-try-'));
  const surroundings = await startSurroundings({ directory, xdsPort: 4711, now: new Date() });
  try {
    const answers = await Promise.all([9101, 9102, 9103].map(async (port) => (await fetch(`http://127.0.0.1:${port}/`)).text()));
    const config = await readFile(surroundings.bootstrapPath, 'utf8');

    expect(answers).toEqual(['v1\n', 'v2\n', 'v3\n']);
    expect(JSON.parse(config).static_resources.clusters.map(({ name }: { readonly name: string }) => name)).toEqual([
      'xds-grpc',
      'sds-grpc',
    ]);
    expect(config).toContain('"port_value": 4711');
  } finally {
    await surroundings.close();
    await rm(directory, { recursive: true });
  }
});

it('wants a real port', async () => {
  const { exitCode, stderr } = await commandLine('try', '--xds-port', '0');

  expect(exitCode).toBe(2);
  expect(stderr).toContain('give a port, 1 to 65535.');
});
