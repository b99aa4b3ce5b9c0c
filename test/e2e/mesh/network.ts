import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTool } from '../apiserver/tools.ts';

const run = promisify(execFile);

/** Whether this process may make network namespaces and redirect in them. */
export function canRedirect(): boolean {
  return process.getuid?.() === 0 && ['ip', 'iptables-restore', 'setpriv'].every((tool) => findTool(tool) !== undefined);
}

/** User id of Envoy, whose own connections are not redirected, as in Istio. */
export const proxyUid = 1337;

/**
 * What istio-init sets up, in short: all that leaves goes to 15001 and all that arrives to 15006, but for Envoy's own connections and for those on
 * loopback (127.0.0.6 is where Envoy calls its application from).
 */
const redirects = `*nat
:MESH_OUT - [0:0]
-A PREROUTING -p tcp -j REDIRECT --to-ports 15006
-A OUTPUT -p tcp -j MESH_OUT
-A MESH_OUT -o lo -s 127.0.0.6/32 -j RETURN
-A MESH_OUT -m owner --uid-owner ${proxyUid} -j RETURN
-A MESH_OUT -d 127.0.0.0/8 -j RETURN
-A MESH_OUT -p tcp -j REDIRECT --to-ports 15001
COMMIT
`;

/** A bridge on this machine with a network namespace for each pod, as a node of a cluster has them. */
export class PodNetwork {
  /** Of this machine on the bridge. */
  readonly gateway: string;
  readonly #name: string;
  readonly #subnet: string;
  readonly #namespaces: string[] = [];

  private constructor(name: string, subnet: string) {
    this.#name = name;
    this.#subnet = subnet;
    this.gateway = `${subnet}.1`;
  }

  /** The number tells networks of one machine apart. */
  static async create(number: number): Promise<PodNetwork> {
    const network = new PodNetwork(`plb${number}`, `10.250.${number % 250}`);
    await ip('link', 'add', network.#name, 'type', 'bridge');
    await ip('addr', 'add', `${network.gateway}/24`, 'dev', network.#name);
    await ip('link', 'set', network.#name, 'up');
    return network;
  }

  addressOf(host: number): string {
    return `${this.#subnet}.${host}`;
  }

  /** A pod's namespace at an address of the bridge, redirected. Gives what stands before a command to run it there. */
  async addPod(host: number): Promise<readonly string[]> {
    const [pod, outside] = [`${this.#name}p${host}`, `${this.#name}v${host}`];
    this.#namespaces.push(pod);
    await ip('netns', 'add', pod);
    await ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', pod);
    await ip('link', 'set', outside, 'master', this.#name, 'up');
    await ip('-n', pod, 'link', 'set', 'lo', 'up');
    await ip('-n', pod, 'addr', 'add', `${this.addressOf(host)}/24`, 'dev', 'eth0');
    await ip('-n', pod, 'link', 'set', 'eth0', 'up');
    await ip('-n', pod, 'route', 'add', 'default', 'via', this.gateway);
    const inside = ['ip', 'netns', 'exec', pod];
    const restore = run('ip', [...inside.slice(1), 'iptables-restore']);
    restore.child.stdin?.end(redirects);
    await restore;
    return inside;
  }

  async remove(): Promise<void> {
    for (const pod of this.#namespaces) await ip('netns', 'del', pod);
    await ip('link', 'del', this.#name);
  }
}

async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', args);
}
