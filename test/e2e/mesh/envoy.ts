import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BootstrapOptions, bootstrap } from '../../../cli/try/bootstrap.ts';
import { type JsonObject, objectAt } from '../../../shared/lib/json.ts';
import { type Daemon, startDaemon } from '../apiserver/daemon.ts';
import { poll } from '../apiserver/poll.ts';
import { envoyBinary } from './envoy-binary.ts';

/** What a proxy says of itself beside what every one does. */
export interface NodeOverlay {
  readonly metadata?: JsonObject;
  readonly locality?: { readonly region: string; readonly zone: string };
}

export interface EnvoyOptions extends Omit<BootstrapOptions, 'adminPort'> {
  /** Takes bootstrap, log and admin address. */
  readonly directory: string;
  readonly node?: NodeOverlay | undefined;
}

/** A running Envoy and its admin interface. */
export class Envoy {
  readonly #daemon: Daemon;
  readonly #admin: string;

  private constructor(daemon: Daemon, admin: string) {
    this.#daemon = daemon;
    this.#admin = admin;
  }

  static async start({ directory, node, ...options }: EnvoyOptions): Promise<Envoy> {
    const file = (name: string) => join(directory, `${options.pod}-${options.protocol}.${name}`);
    await writeFile(file('json'), JSON.stringify(withNode(bootstrap({ ...options, adminPort: 0 }), node)));
    const args = [
      '-c',
      file('json'),
      '--concurrency',
      '1',
      '--disable-hot-restart',
      // Of access logs; Envoy's own is ten seconds.
      '--file-flush-interval-msec',
      '50',
      '--admin-address-path',
      file('admin'),
      '-l',
      'warning',
    ];
    const daemon = startDaemon({ command: await envoyBinary(), args, logPath: file('log'), directory });
    const admin = await poll(async () => (await readFile(file('admin'), 'utf8')) || undefined, {
      what: 'the admin address',
      signal: daemon.over,
    });
    return new Envoy(daemon, `http://${admin}`);
  }

  /** `LIVE` once it has all listeners and clusters, with what they wait for. */
  async live(): Promise<void> {
    await poll(async () => ((await this.admin('/server_info'))['state'] === 'LIVE' ? true : undefined), {
      what: 'Envoy is LIVE',
      signal: this.#daemon.over,
    });
  }

  async admin(path: string): Promise<Readonly<Record<string, unknown>>> {
    return (await fetch(`${this.#admin}${path}`)).json() as Promise<Readonly<Record<string, unknown>>>;
  }

  /** Sum of all counters and gauges whose name matches. */
  async stat(pattern: string): Promise<number> {
    const { stats } = (await this.admin(`/stats?format=json&filter=${encodeURIComponent(pattern)}`)) as {
      readonly stats: readonly { readonly value?: number }[];
    };
    return stats.reduce((sum, { value = 0 }) => sum + value, 0);
  }

  stop(): Promise<unknown> {
    return this.#daemon.stop();
  }
}

/** The bootstrap of a proxy that says more of itself. */
export function withNode(config: JsonObject, { metadata, locality }: NodeOverlay = {}): JsonObject {
  const node = objectAt(config, 'node');
  const more = { metadata: { ...objectAt(node, 'metadata'), ...metadata }, ...(locality && { locality }) };
  return { ...config, node: { ...node, ...more } };
}
