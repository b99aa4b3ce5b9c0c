import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { bootstrap } from '../../../cli/try/bootstrap.ts';
import type { RunningGateway } from '../../../functions/xds-gateway/start.ts';
import type { World } from '../../../shared/compile/world.ts';
import { type JsonObject, objectAt } from '../../../shared/lib/json.ts';
import { TestCertificates } from '../../fixtures/sds-server.ts';
import { type Daemon, startDaemon } from '../apiserver/daemon.ts';
import { poll } from '../apiserver/poll.ts';
import { envoyBinary } from './envoy-binary.ts';
import { PodNetwork } from './network.ts';
import { serveWorld } from './world-gateway.ts';

/** Served worlds, and Envoys in networks of their own that take the part of any proxy in them: its addresses and all ports are free there. */
export class Stage {
  readonly #directory: string;
  readonly #network: PodNetwork;
  readonly #certificates: TestCertificates;
  /** Last number of the next Envoy’s address. */
  #host = 10;

  private constructor(directory: string, network: PodNetwork, certificates: TestCertificates) {
    this.#directory = directory;
    this.#network = network;
    this.#certificates = certificates;
  }

  static async create(): Promise<Stage> {
    await envoyBinary();
    const directory = await mkdtemp(join(tmpdir(), 'pilotless-stage-'));
    return new Stage(directory, await PodNetwork.create(), await TestCertificates.create());
  }

  /** What keeps an Envoy for each of the nodes from having all it was sent: nothing, if it is LIVE and refused nothing. */
  async obstacles(world: World, nodes: readonly JsonObject[]): Promise<readonly string[]> {
    const directory = await mkdtemp(join(this.#directory, 'world-'));
    const gateway = await serveWorld(world, { directory, bind: this.#network.gateway });
    try {
      return (await Promise.all(nodes.map((node) => this.#obstaclesOf(node, gateway)))).flat();
    } finally {
      gateway.close();
    }
  }

  async close(): Promise<void> {
    await this.#network.remove();
    this.#certificates.close();
    await rm(this.#directory, { recursive: true });
  }

  async #obstaclesOf(node: JsonObject, { port }: RunningGateway): Promise<readonly string[]> {
    this.#host += 1;
    const host = this.#host;
    const directory = join(this.#directory, `envoy-${host}`);
    await mkdir(directory);
    const proxy = identityOf(node);
    const sdsPath = join(directory, 'sds.sock');
    await this.#certificates.serve(sdsPath, proxy);
    const inside = await this.#network.addHost(host, proxy.addresses);
    const xds = { address: this.#network.gateway, port };
    const identity = { pod: '', ...proxy, ip: '', labels: {}, interception: 'REDIRECT' } as const;
    const admin = join(directory, 'admin.sock');
    const config = {
      ...bootstrap({ protocol: 'delta', ...identity, xds, sdsPath, adminPort: 0 }),
      node,
      admin: { address: { pipe: { path: admin } } },
    };
    await writeFile(join(directory, 'envoy.json'), JSON.stringify(config));
    const envoy = startDaemon({
      command: inside[0] ?? '',
      args: [
        ...inside.slice(1),
        await envoyBinary(),
        '-c',
        join(directory, 'envoy.json'),
        '--concurrency',
        '1',
        '--disable-hot-restart',
        '-l',
        'warning',
      ],
      logPath: join(directory, 'log'),
      directory,
    });
    try {
      return await obstaclesOf(envoy, { name: String(node['id']), admin });
    } finally {
      await envoy.stop();
    }
  }
}

async function obstaclesOf(envoy: Daemon, { name, admin }: { readonly name: string; readonly admin: string }): Promise<readonly string[]> {
  const rejections = async () => {
    const { stats } = (await ask(admin, '/stats?format=json&filter=update_rejected$')) as {
      readonly stats: readonly { readonly name?: string; readonly value?: number }[];
    };
    return stats.filter(({ value = 0 }) => value > 0).map((stat) => `${name}: ${stat.name}`);
  };
  // A refused resource may keep it from ever being LIVE, so that is looked at meanwhile.
  return poll(
    async () => {
      const found = await rejections();
      if (found.length > 0) return found;
      return objectIs(await ask(admin, '/server_info'), 'LIVE') ? rejections() : undefined;
    },
    { what: `${name} is LIVE`, signal: envoy.over },
  );
}

function objectIs(info: unknown, state: string): boolean {
  return (info as { readonly state?: string }).state === state;
}

async function ask(socketPath: string, path: string): Promise<unknown> {
  const sent = request({ socketPath, path });
  sent.end();
  const [response] = await once(sent, 'response');
  return json(response);
}

interface ProxyIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly addresses: readonly string[];
}

function identityOf(node: JsonObject): ProxyIdentity {
  const metadata = objectAt(node, 'metadata');
  const text = (key: string, otherwise: string) => String(metadata[key] ?? otherwise);
  const [, address = ''] = String(node['id']).split('~');
  return {
    namespace: text('NAMESPACE', 'default'),
    serviceAccount: text('SERVICE_ACCOUNT', 'default'),
    addresses: text('INSTANCE_IPS', address).split(','),
  };
}
