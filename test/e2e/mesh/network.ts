import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { ControlPlaneError } from '../../../shared/lib/error.ts';
import { findTool } from '../apiserver/tools.ts';

const run = promisify(execFile);
const tools = ['ip', 'iptables-restore', 'nsenter', 'setpriv', 'unshare'];
const inNewNamespace = ['unshare', '--net', '--'];

/** Whether this process may make network namespaces and redirect in them: root of a container often may not. */
export function canRedirect(): boolean {
  if (process.getuid?.() !== 0 || tools.some((tool) => findTool(tool) === undefined)) return false;
  const [command = '', ...args] = inNewNamespace;
  return spawnSync(command, [...args, 'true']).status === 0;
}

/** User id of Envoy, whose own connections are not redirected, as in Istio. */
export const proxyUid = 1337;

/**
 * What istio-init sets up, in short: all that leaves goes to 15001 and all that arrives to 15006. Left alone are Envoy's own connections, loopback
 * (127.0.0.6 is where Envoy calls its application from), and the ports of metrics and probes. An Envoy that calls its own pod by an address of the
 * mesh comes in like everybody else.
 */
const redirects = `*nat
:MESH_IN - [0:0]
:MESH_OUT - [0:0]
-A PREROUTING -p tcp -j MESH_IN
-A MESH_IN -p tcp -m multiport --dports 15090,15021,15020 -j RETURN
-A MESH_IN -p tcp -j REDIRECT --to-ports 15006
-A OUTPUT -p tcp -j MESH_OUT
-A MESH_OUT -o lo -s 127.0.0.6/32 -j RETURN
-A MESH_OUT -o lo -p tcp ! -d 127.0.0.0/8 -m owner --uid-owner ${proxyUid} -j REDIRECT --to-ports 15006
-A MESH_OUT -m owner --uid-owner ${proxyUid} -j RETURN
-A MESH_OUT -d 127.0.0.0/8 -j RETURN
-A MESH_OUT -p tcp -j REDIRECT --to-ports 15001
COMMIT
`;

/** A network namespace without a name: the kernel removes it, with all links into it, when the process that holds it ends. */
class NetworkNamespace {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  static async create(): Promise<NetworkNamespace> {
    // Also a test run that is killed leaves nothing behind.
    const line = ['setpriv', '--pdeathsig', 'KILL', '--', ...inNewNamespace, 'sh', '-c', 'echo; exec sleep infinity'];
    const holder = spawn(line[0] ?? '', line.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
    const isThere = await Promise.race([once(holder.stdout, 'data').then(() => true), once(holder, 'exit').then(() => false)]);
    if (!isThere) throw new ControlPlaneError('unavailable', 'this machine makes no network namespaces');
    return new NetworkNamespace(holder);
  }

  get pid(): number {
    return this.#holder.pid ?? 0;
  }

  /** What stands before a command to run it there. */
  get inside(): readonly string[] {
    return ['nsenter', `--net=/proc/${this.pid}/ns/net`, '--'];
  }

  async run(command: readonly string[], input: string): Promise<void> {
    await runWith([...this.inside, ...command], input);
  }

  async remove(): Promise<void> {
    const ended = once(this.#holder, 'exit');
    if (this.#holder.kill('SIGKILL')) await ended;
  }
}

/**
 * A bridge with a network namespace for each pod and a link to this machine, as a node of a cluster has them. The bridge has a namespace of its own:
 * this machine gets one interface and no rule.
 */
export class PodNetwork {
  /** Of this machine, for the pods. */
  readonly gateway: string;
  readonly #subnet: string;
  readonly #bridge: NetworkNamespace;
  readonly #pods: NetworkNamespace[] = [];

  private constructor(subnet: string, bridge: NetworkNamespace) {
    this.#subnet = subnet;
    this.gateway = `${subnet}.1`;
    this.#bridge = bridge;
  }

  /** In a random part of 198.18.0.0/15, which no network uses but for tests (RFC 2544). */
  static async create(): Promise<PodNetwork> {
    const subnet = `198.${18 + randomInt(2)}.${randomInt(256)}`;
    const network = new PodNetwork(subnet, await NetworkNamespace.create());
    try {
      await network.#connect(`pl-${randomInt(2 ** 32).toString(16)}`);
      return network;
    } catch (caught) {
      await network.remove();
      throw caught;
    }
  }

  addressOf(host: number): string {
    return `${this.#subnet}.${host}`;
  }

  /** A pod's namespace at an address of the bridge, redirected. Gives what stands before a command to run it there. */
  async addPod(host: number): Promise<readonly string[]> {
    const pod = await this.#addNamespace(host, `route add default via ${this.gateway}`);
    await pod.run(['iptables-restore'], redirects);
    return pod.inside;
  }

  /** A namespace that has further addresses, redirects nothing, and reaches nobody but this machine: what it asks the world for fails at once. */
  async addHost(host: number, addresses: readonly string[]): Promise<readonly string[]> {
    return (await this.#addNamespace(host, ...addresses.map((address) => `addr add ${address} dev lo`))).inside;
  }

  async #addNamespace(host: number, ...commands: readonly string[]): Promise<NetworkNamespace> {
    const pod = await NetworkNamespace.create();
    this.#pods.push(pod);
    await pod.run(ipBatch, lines(`${this.#veth('eth0', host)}`, 'link set lo up', ...addressed('eth0', this.addressOf(host)), ...commands));
    await this.#attach(host);
    return pod;
  }

  async remove(): Promise<void> {
    await Promise.all([...this.#pods, this.#bridge].map((namespace) => namespace.remove()));
  }

  async #connect(link: string): Promise<void> {
    await this.#bridge.run(ipBatch, lines('link add bridge type bridge', 'link set bridge up'));
    await runWith(ipBatch, lines(this.#veth(link, 1), ...addressed(link, this.gateway)));
    await this.#attach(1);
  }

  /** A pair of interfaces, of which the other one is in the namespace of the bridge. */
  #veth(name: string, host: number): string {
    return `link add ${name} type veth peer name port${host} netns ${this.#bridge.pid}`;
  }

  #attach(host: number): Promise<void> {
    return this.#bridge.run(ipBatch, lines(`link set port${host} master bridge up`));
  }
}

const ipBatch = ['ip', '-batch', '-'];

function addressed(link: string, address: string): readonly string[] {
  return [`addr add ${address}/24 dev ${link}`, `link set ${link} up`];
}

function lines(...commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join('');
}

async function runWith([command = '', ...args]: readonly string[], input: string): Promise<void> {
  const running = run(command, args);
  running.child.stdin?.end(input);
  await running;
}
