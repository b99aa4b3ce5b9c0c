import { join } from 'node:path';
import { startDaemon } from './daemon.ts';
import { poll } from './poll.ts';

export interface Etcd {
  readonly url: string;
  /** Writes a value behind the back of API servers. */
  put(key: string, value: string): Promise<void>;
  stop(): Promise<void>;
}

export interface EtcdOptions {
  readonly command: string;
  readonly directory: string;
  readonly port: number;
}

/** An etcd of one member that takes no care to keep its data. */
export async function startEtcd({ command, directory, port }: EtcdOptions): Promise<Etcd> {
  const url = `http://127.0.0.1:${port}`;
  const anyPort = 'http://127.0.0.1:0';
  const daemon = startDaemon({
    command,
    args: [
      ...['--data-dir', join(directory, 'etcd'), '--unsafe-no-fsync'],
      ...['--listen-client-urls', url, '--advertise-client-urls', url],
      ...['--listen-peer-urls', anyPort, '--initial-advertise-peer-urls', anyPort, '--initial-cluster', `default=${anyPort}`],
    ],
    logPath: join(directory, 'etcd.log'),
    directory,
  });
  const health = async () => ((await fetch(`${url}/health`)).ok ? true : undefined);
  try {
    await poll(health, { what: 'etcd', signal: daemon.over });
  } catch (caught) {
    await daemon.stop();
    throw caught;
  }
  return { url, put: (key, value) => put(url, { key, value }), stop: daemon.stop };
}

/** @see https://etcd.io/docs/v3.4/dev-guide/api_grpc_gateway/ */
async function put(url: string, { key, value }: { readonly key: string; readonly value: string }): Promise<void> {
  const body = JSON.stringify({ key: Buffer.from(key).toString('base64'), value: Buffer.from(value).toString('base64') });
  const response = await fetch(`${url}/v3/kv/put`, { method: 'POST', body });
  if (!response.ok) throw new Error(`etcd takes no ${key}: ${await response.text()}`);
}
