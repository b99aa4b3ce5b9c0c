import type { JsonObject } from '../../../shared/lib/json.ts';
import { poll } from '../apiserver/poll.ts';
import { TestMesh } from './mesh.ts';
import { PodNetwork } from './network.ts';
import type { Instance } from './objects.ts';
import { appPort, envoyForProxies, Pod, type PodOptions } from './pod.ts';

/** Pods with sidecars in networks of their own, one control plane, and this machine beside them. */
export class PodMesh {
  readonly network: PodNetwork;
  readonly #cleanUps: (() => Promise<unknown>)[] = [];
  readonly #pods = new Map<string, Pod>();
  #mesh: TestMesh | undefined;

  private constructor(network: PodNetwork) {
    this.network = network;
    this.#cleanUps.push(() => network.remove());
  }

  static async create(): Promise<PodMesh> {
    return new PodMesh(await PodNetwork.create());
  }

  get mesh(): TestMesh {
    if (this.#mesh === undefined) throw new Error('the mesh is not started');
    return this.#mesh;
  }

  /** As endpoints of services see the pods. */
  instances(pods: readonly PodOptions[]): readonly Instance[] {
    return pods.map(({ version, host }) => ({ version, address: this.network.addressOf(host), port: appPort, hasSidecar: true }));
  }

  async start(objects: Readonly<Record<string, readonly JsonObject[]>>, pods: readonly PodOptions[]): Promise<void> {
    const mesh = await TestMesh.create(objects, { bind: this.network.gateway });
    this.#mesh = mesh;
    this.#cleanUps.push(() => mesh.close());
    const site = { mesh, network: this.network, envoy: await envoyForProxies(mesh.directory) };
    for (const options of pods) {
      const pod = await Pod.start(site, options);
      this.#cleanUps.push(() => pod.stop());
      this.#pods.set(`${options.service}-${options.version}`, pod);
    }
  }

  pod(name: string): Pod {
    const found = this.#pods.get(name);
    if (found === undefined) throw new Error(`no pod ${name}`);
    return found;
  }

  /** What a pod’s application is answered, as soon as both sidecars know what they need for that. */
  answer(name: string, call: Parameters<Pod['send']>[0], isWanted: (body: string) => boolean): Promise<string> {
    return poll(
      async () => {
        const { status, body } = await this.pod(name).send(call);
        return status === 200 && isWanted(body) ? body : undefined;
      },
      { what: `${name} is answered` },
    );
  }

  async close(): Promise<void> {
    for (const cleanUp of this.#cleanUps.toReversed()) await cleanUp();
  }
}
