import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon } from '../apiserver/daemon.ts';
import { poll } from '../apiserver/poll.ts';
import { isLeftOut } from '../optional.ts';
import { hasPython, type PythonPackages, pythonVenv } from '../python-program.ts';

/** AWS' interfaces as moto has them, in memory; S3's conditional writes are right in it. */
export interface Moto {
  readonly endpoint: string;
  /** Environment of programs that shall take it for AWS. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export const motoPackages: PythonPackages = { venv: 'venv-moto', packages: ['moto[server]==5.2.5'] };

export function isMotoLeftOut(): boolean {
  return isLeftOut('moto', hasPython());
}

/** Installs it at the first call. */
export async function startMoto(): Promise<Moto> {
  const venv = await pythonVenv(motoPackages);
  const directory = await mkdtemp(join(tmpdir(), 'pilotless-moto-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const daemon = startDaemon({
    command: join(venv, 'bin/python3'),
    args: [join(venv, 'bin/moto_server'), '-H', '127.0.0.1', '-p', String(port)],
    logPath: join(directory, 'log'),
    directory,
  });
  const stop = async (): Promise<void> => {
    await daemon.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await poll(async () => ((await fetch(`${endpoint}/moto-api/data.json`)).ok ? true : undefined), { what: 'moto', signal: daemon.over });
  } catch (caught) {
    await stop();
    throw caught;
  }
  return { endpoint, env: motoEnvironment(endpoint), stop };
}

function motoEnvironment(endpoint: string): Moto['env'] {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
