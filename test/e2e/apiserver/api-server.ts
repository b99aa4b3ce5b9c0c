// Kubernetes' own API machinery with its webhook plugins, in the part of it that can be had as one program: the server of custom resources. What calls
// webhooks, chooses them by selector, applies their patches and enforces time-outs is the code that clusters run.
import { execFile } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createDevelopmentAuthority, issueServingCertificate, type KeyAndCertificate } from '../../../shared/ca/development.ts';
import { startDaemon } from './daemon.ts';
import { startEtcd } from './etcd.ts';
import { startFront } from './front.ts';
import { storedDefinitions } from './kinds.ts';
import { poll } from './poll.ts';
import { findTool } from './tools.ts';

/** A running API server without a cluster behind it: objects are admitted, stored, listed and watched, and nothing else happens to them. */
export interface ApiServer {
  /** Path of a file for clients, also of those that run as other processes. */
  readonly kubeconfig: string;
  /** Speaks plain HTTP; every caller is an administrator. */
  readonly url: string;
  /** Runs kubectl to its end. Objects of kinds that have no schema here need `--validate=false`. */
  kubectl(args: readonly string[], input?: string): Promise<KubectlResult>;
  stop(): Promise<void>;
}

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Starts etcd and apiextensions-apiserver on free ports of this machine and waits until they serve; state and logs lie in the directory.
 * @throws with the log of a part that does not start, after the others are stopped
 */
export async function startApiServer(directory: string): Promise<ApiServer> {
  const started: Stoppable[] = [];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    const { url, kubeconfig } = await startParts(directory, started);
    return { kubeconfig, url, stop, kubectl: (args, input = '') => kubectl(args, { input, kubeconfig, directory }) };
  } catch (caught) {
    await stop();
    throw caught;
  }
}

/** Puts everything that runs into the list at once, so that it can be stopped when a later part fails. */
async function startParts(directory: string, started: Stoppable[]): Promise<{ readonly url: string; readonly kubeconfig: string }> {
  const [etcdPort, port] = await freePorts();
  const { authorityPem, files } = await writeCertificates(join(directory, 'pki'));
  const etcd = await startEtcd({ command: tool('etcd'), directory, port: etcdPort });
  started.push(etcd);
  const front = await startFront({ port, ca: authorityPem });
  started.push(front);
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigText(front.url));
  for (const [key, value] of storedDefinitions()) await etcd.put(key, value);
  const server = startDaemon({
    command: tool('apiextensions-apiserver'),
    args: serverArguments({ etcdUrl: etcd.url, port, kubeconfig, ...files }),
    logPath: join(directory, 'apiserver.log'),
    directory,
  });
  started.push(server);
  const ready = async () => ((await fetch(`${front.url}/readyz`)).ok ? true : undefined);
  await poll(ready, { what: 'apiextensions-apiserver', signal: server.over });
  return { url: front.url, kubeconfig };
}

function tool(name: string): string {
  const path = findTool(name);
  if (path === undefined) throw new Error(`${name} is neither on PATH nor where .ci/run puts it`);
  return path;
}

interface ServerSettings {
  readonly etcdUrl: string;
  readonly port: number;
  readonly kubeconfig: string;
  readonly certificatePath: string;
  readonly keyPath: string;
}

/** Policies are off because their kinds are not served, the life cycle of namespaces because a Namespace here is only an object. */
const disabledPlugins = ['NamespaceLifecycle', 'ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy'];

/** @see https://github.com/kubernetes/apiextensions-apiserver, `--help` of 0.32.4 */
function serverArguments({ etcdUrl, port, kubeconfig, certificatePath, keyPath }: ServerSettings): readonly string[] {
  return [
    ...['--etcd-servers', etcdUrl, '--bind-address', '127.0.0.1', '--secure-port', String(port)],
    ...['--tls-cert-file', certificatePath, '--tls-private-key-file', keyPath],
    ...['--kubeconfig', kubeconfig, '--authentication-kubeconfig', kubeconfig, '--authorization-kubeconfig', kubeconfig],
    ...['--authentication-skip-lookup', '--enable-priority-and-fairness=false', '--disable-admission-plugins', disabledPlugins.join(',')],
  ];
}

async function writeCertificates(folder: string) {
  const context = { now: new Date(), crypto: webcrypto };
  const authority = await createDevelopmentAuthority(context);
  const serving: KeyAndCertificate = await issueServingCertificate(authority, ['127.0.0.1', 'localhost'], context);
  await mkdir(folder, { recursive: true });
  const files = { certificatePath: join(folder, 'serving.pem'), keyPath: join(folder, 'serving.key') };
  await writeFile(files.certificatePath, serving.certificatePem);
  await writeFile(files.keyPath, serving.privateKeyPem, { mode: 0o600 });
  return { authorityPem: authority.certificatePem, files };
}

/** Two different ports of this machine that nobody listens on: taken together, then given back. */
async function freePorts(): Promise<readonly [number, number]> {
  const servers = [createServer(), createServer()] as const;
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const ports = [portOf(servers[0]), portOf(servers[1])] as const;
  for (const server of servers) await once(server.close(), 'close');
  return ports;
}

function portOf(server: ReturnType<typeof createServer>): number {
  return (server.address() as AddressInfo).port;
}

function kubeconfigText(url: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'here', cluster: { server: url } }],
    users: [{ name: 'administrator', user: {} }],
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'administrator' } }],
    'current-context': 'here',
  });
}

interface KubectlOptions {
  readonly input: string;
  readonly kubeconfig: string;
  /** Stands in for the home directory, where kubectl keeps what it has discovered. */
  readonly directory: string;
}

function kubectl(args: readonly string[], { input, kubeconfig, directory }: KubectlOptions): Promise<KubectlResult> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory, KUBECONFIG: kubeconfig };
  return new Promise((resolve, reject) => {
    const child = execFile('kubectl', args, { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}
