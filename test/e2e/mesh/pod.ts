import { once } from 'node:events';
import { chmod, chown, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { bootstrap } from '../../../cli/try/bootstrap.ts';
import { type Daemon, startDaemon } from '../apiserver/daemon.ts';
import { envoyBinary } from './envoy-binary.ts';
import type { TestMesh } from './mesh.ts';
import { type PodNetwork, proxyUid } from './network.ts';
import { namespace, podName } from './objects.ts';
import type { Answer, Call } from './requests.ts';
import type { Exchange } from './tcp.ts';

/** Port of the application for HTTP; on the one after it it answers connections with its version. */
export const appPort = 8080;
export const tcpPort = appPort + 1;

/** What an application of a pod is to do. */
export type Errand = { readonly send: Call } | { readonly exchange: Exchange };

/** Where pods are. */
export interface Site {
  readonly mesh: TestMesh;
  readonly network: PodNetwork;
  /** Path of an Envoy that its user may run. */
  readonly envoy: string;
}

export interface PodOptions {
  readonly service: string;
  readonly version: string;
  /** Last number of its address in the network. */
  readonly host: number;
}

/** A pod as a cluster would have it: a network of its own, an application, and an Envoy to which all connections of the application are redirected. */
export class Pod {
  readonly #inside: readonly string[];
  readonly #directory: string;
  readonly #daemons: Daemon[] = [];

  private constructor(inside: readonly string[], directory: string) {
    this.#inside = inside;
    this.#directory = directory;
  }

  static async start({ mesh, network, envoy }: Site, { service, version, host }: PodOptions): Promise<Pod> {
    const name = podName(service, version);
    const directory = join(mesh.directory, name);
    await mkdir(directory);
    const pod = new Pod(await network.addPod(host), directory);
    pod.#start('app', [process.execPath, besideThis('pod-app.ts'), String(appPort), version, appSocket(directory)]);

    const sdsPath = join(directory, 'sds.sock');
    await mesh.certificates.serve(sdsPath, { namespace, serviceAccount: service });
    await chown(sdsPath, proxyUid, proxyUid);
    const config = bootstrap({
      protocol: 'delta',
      pod: name,
      namespace,
      serviceAccount: service,
      ip: network.addressOf(host),
      labels: { app: service, version },
      interception: 'REDIRECT',
      xds: { address: network.gateway, port: mesh.xdsPort },
      sdsPath,
      adminPort: 15000,
    });
    await writeFile(join(directory, 'envoy.json'), JSON.stringify(config));
    const args = ['-c', join(directory, 'envoy.json'), '--concurrency', '1', '--disable-hot-restart', '-l', 'warning'];
    pod.#start('envoy', [...asProxy, envoy, ...args]);
    return pod;
  }

  /** One request of the application, plain HTTP as it knows it. @throws if the application or its Envoy is over. */
  async send(call: Call): Promise<Answer> {
    return JSON.parse(await this.#run({ send: call }));
  }

  /** What the application gets back on a connection. @throws if the application or its Envoy is over. */
  async exchange(what: Exchange): Promise<string> {
    return JSON.parse(await this.#run({ exchange: what }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.stop()));
  }

  async #run(errand: Errand): Promise<string> {
    for (const { over } of this.#daemons) over.throwIfAborted();
    const sent = request({ socketPath: appSocket(this.#directory), method: 'POST' });
    sent.end(JSON.stringify(errand));
    const [response] = await once(sent, 'response');
    return text(response);
  }

  #start(name: string, program: readonly string[]): void {
    const [command = '', ...args] = [...this.#inside, ...program];
    this.#daemons.push(startDaemon({ command, args, logPath: join(this.#directory, `${name}.log`), directory: this.#directory }));
  }
}

/** Changing the user makes the kernel forget that a process ends with its parent, so it is asked for again. */
const asProxy = ['setpriv', '--reuid', String(proxyUid), '--regid', String(proxyUid), '--clear-groups', '--pdeathsig', 'KILL', '--'];

/** A copy of Envoy that its user may run, wherever the project's cache is, in a folder that it may enter. */
export async function envoyForProxies(directory: string): Promise<string> {
  const path = join(directory, 'envoy');
  await copyFile(await envoyBinary(), path);
  await chmod(directory, 0o711);
  return path;
}

/** A path reaches through networks. */
function appSocket(directory: string): string {
  return join(directory, 'app.sock');
}

function besideThis(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
