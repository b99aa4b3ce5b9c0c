import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, startDaemon } from '../test/e2e/apiserver/daemon.ts';
import { poll } from '../test/e2e/apiserver/poll.ts';
import { freePort } from '../test/e2e/aws/moto.ts';
import { writeContainer } from './container.ts';

const dockerfile = await readFile(new URL('../infra/container/Dockerfile', import.meta.url), 'utf8');

/** What an instruction says, once. */
function instruction(name: string): string {
  return dockerfile.match(new RegExp(`^${name} (.*)$`, 'm'))?.[1] ?? '';
}

const commandOf = (text: string): readonly string[] => JSON.parse(text.slice(text.indexOf('[')));

describe('what the container of the gateway holds', () => {
  let folder: string;
  let daemon: Daemon;
  let env: Record<string, string>;
  let before: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pilotless-container-'));
    await writeContainer(join(folder, 'opt'));
    before = await readdir(join(folder, 'opt'));
    env = {
      NODE_PATH: '',
      PILOTLESS_STORE: `file:${join(folder, 'store')}`,
      PILOTLESS_CACHE_DIR: join(folder, 'cache'),
      PILOTLESS_XDS_ADDRESS: `127.0.0.1:${await freePort()}`,
      PILOTLESS_MONITORING_ADDRESS: `127.0.0.1:${await freePort()}`,
    };
    const [, entry = ''] = commandOf(instruction('ENTRYPOINT'));
    const place = { logPath: join(folder, 'log'), directory: join(folder, 'opt') };
    daemon = startDaemon({ ...place, command: process.execPath, args: [entry], env });
  });

  afterAll(async () => {
    await daemon.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = (path: string): Promise<Response> => fetch(`http://${env['PILOTLESS_MONITORING_ADDRESS']}${path}`);

  it('starts alone in its folder, as the entry point says', async () => {
    await poll(async () => ((await ask('/healthz/ready')).ok ? true : undefined), { what: 'the gateway', signal: daemon.over });

    expect(await (await ask('/version')).text()).toMatch(/^\d+\.\d+\.\d+-/);
  });

  it('has a health check that says yes, and no where nobody listens', async () => {
    const [, check = ''] = commandOf(instruction('HEALTHCHECK'));
    const run = (own: Record<string, string>) => promisify(execFile)(process.execPath, [check], { cwd: join(folder, 'opt'), env: own });

    await expect(run(env)).resolves.toBeDefined();
    await expect(run({ ...env, PILOTLESS_MONITORING_ADDRESS: '127.0.0.1:9' })).rejects.toMatchObject({ code: 1 });
  });

  it('writes nothing beside it, so that its file system may be read only', async () => {
    expect(await readdir(join(folder, 'opt'))).toEqual(before);
  });

  it('runs as nobody special, with every setting that it needs but the store', () => {
    expect(Number(instruction('USER').split(':')[0])).toBeGreaterThan(0);
    for (const name of Object.keys(env).filter((each) => each.startsWith('PILOTLESS_') && each !== 'PILOTLESS_STORE')) {
      expect(dockerfile).toContain(`${name}=`);
    }
  });
});
