import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { TestCertificates } from '../../fixtures/sds-server.ts';
import { ServeProcess } from '../serve-process.ts';
import { Envoy, type NodeOverlay } from './envoy.ts';
import { namespace } from './objects.ts';

export type Protocol = 'sotw' | 'delta';

export interface TestMeshOptions {
  /** Address of the control plane. @default 127.0.0.1 */
  readonly bind?: string;
  readonly meshConfig?: JsonObject;
}

/** `pilotless serve` on a folder of manifests, and Envoys that it serves; each a process of its own. */
export class TestMesh {
  readonly directory: string;
  readonly certificates: TestCertificates;
  readonly xdsPort: number;
  readonly #bind: string;
  readonly #envoys: Envoy[] = [];
  serve: ServeProcess | undefined;

  private constructor(
    directory: string,
    certificates: TestCertificates,
    { bind, xdsPort }: { readonly bind: string; readonly xdsPort: number },
  ) {
    this.directory = directory;
    this.certificates = certificates;
    this.xdsPort = xdsPort;
    this.#bind = bind;
  }

  static async create(
    objects: Readonly<Record<string, readonly JsonObject[]>>,
    { bind = '127.0.0.1', meshConfig = {} }: TestMeshOptions = {},
  ): Promise<TestMesh> {
    const directory = await mkdtemp(join(tmpdir(), 'pilotless-mesh-'));
    const mesh = new TestMesh(directory, await TestCertificates.create(), { bind, xdsPort: await freePort() });
    try {
      await mkdir(join(directory, 'manifests'));
      for (const [name, content] of Object.entries(objects)) await mesh.write(name, content);
      await mesh.configure(meshConfig);
      await mesh.startServe();
      return mesh;
    } catch (caught) {
      await mesh.close();
      throw caught;
    }
  }

  /** Replaces one file of manifests at once, as editors and `kubectl` users do. */
  write(name: string, items: readonly JsonObject[]): Promise<void> {
    return this.#replace(this.#manifest(name), { apiVersion: 'v1', kind: 'List', items });
  }

  /** Replaces the MeshConfig. */
  configure(meshConfig: JsonObject): Promise<void> {
    return this.#replace(join(this.directory, 'mesh-config.json'), meshConfig);
  }

  remove(name: string): Promise<void> {
    return rm(this.#manifest(name));
  }

  /** The control plane; after {@link killServe} on the same port with the same store. */
  async startServe(): Promise<void> {
    const from = join(this.directory, 'manifests');
    const ports = ['--xds-port', String(this.xdsPort), '--data-dir', join(this.directory, 'data')];
    this.serve = new ServeProcess([
      ...ports,
      '--bind',
      this.#bind,
      '--from',
      from,
      '--meshConfigFile',
      join(this.directory, 'mesh-config.json'),
    ]);
    await this.serve.printed(/Ctrl-C stops it/);
  }

  async killServe(): Promise<void> {
    await this.serve?.stop();
  }

  /** The sidecar of a client that no service knows. Without interception it listens on the services' ports on loopback. */
  async client(
    protocol: Protocol,
    { name = 'client', node }: { readonly name?: string; readonly node?: NodeOverlay | undefined } = {},
  ): Promise<Envoy> {
    const sdsPath = join(this.directory, `${name}.sock`);
    await this.certificates.serve(sdsPath, { namespace, serviceAccount: name });
    const envoy = await Envoy.start({
      directory: this.directory,
      protocol,
      pod: `${name}-1`,
      namespace,
      serviceAccount: name,
      ip: '127.0.0.1',
      labels: { app: name },
      interception: 'NONE',
      xds: { address: '127.0.0.1', port: this.xdsPort },
      sdsPath,
      node,
    });
    this.#envoys.push(envoy);
    return envoy;
  }

  /** A gateway that the Gateways with the selector `app: NAME` pick, or one of other labels and words of its own. */
  async gateway(
    name: string,
    { labels = { app: name }, node }: { readonly labels?: Readonly<Record<string, string>>; readonly node?: NodeOverlay } = {},
  ): Promise<Envoy> {
    const sdsPath = join(this.directory, `${name}.sock`);
    await this.certificates.serve(sdsPath, { namespace, serviceAccount: name });
    const envoy = await Envoy.start({
      directory: this.directory,
      protocol: 'delta',
      type: 'router',
      pod: `${name}-1`,
      namespace,
      serviceAccount: name,
      ip: '127.0.0.1',
      labels,
      interception: 'REDIRECT',
      xds: { address: this.#bind, port: this.xdsPort },
      sdsPath,
      node,
    });
    this.#envoys.push(envoy);
    return envoy;
  }

  /** What `/debug/…` or `/metrics` answers. */
  async monitoring(path: string): Promise<string> {
    const [, url = ''] = (await this.serve?.printed(/monitoring\s+(http:\/\/\S+)/)) ?? [];
    return (await fetch(`${url}${path}`)).text();
  }

  /** A metric without labels. */
  async metric(name: string): Promise<number> {
    const line = (await this.monitoring('/metrics')).split('\n').find((text) => text.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#envoys.map((envoy) => envoy.stop()), this.killServe()]);
    this.certificates.close();
    await rm(this.directory, { recursive: true });
  }

  async #replace(path: string, content: JsonObject): Promise<void> {
    const next = join(this.directory, `${basename(path)}.new`);
    await writeFile(next, JSON.stringify(content));
    await rename(next, path);
  }

  #manifest(name: string): string {
    return join(this.directory, 'manifests', `${name}.json`);
  }
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
