import { webcrypto } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevelopmentAuthority, issueWorkloadCertificate } from '../../shared/ca/development.ts';
import { listen } from '../serve/listen.ts';
import { bootstrap } from './bootstrap.ts';
import { startSdsServer } from './sds-server.ts';

/** What an Envoy of the demo mesh needs around it. */
export interface SurroundingsOptions {
  /** Takes the bootstrap. */
  readonly directory: string;
  /** Of the gateway, on loopback. */
  readonly xdsPort: number;
  readonly now: Date;
}

export interface Surroundings {
  readonly bootstrapPath: string;
  close(): Promise<void>;
}

/** As cli/demo/mesh/60-try.yaml has them. */
const versions = { v1: 9101, v2: 9102, v3: 9103 };
const loopback = '127.0.0.1';
const namespace = 'library';
const serviceAccount = 'visitor';

/** Starts three versions of a service and a certificate source with a CA of its own, and writes a bootstrap for an Envoy that reaches them. */
export async function startSurroundings({ directory, xdsPort, now }: SurroundingsOptions): Promise<Surroundings> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // Paths of sockets are short: a folder of the system, for this user alone.
  const sockets = await mkdtemp(join(tmpdir(), 'pilotless-'));
  await chmod(sockets, 0o700);
  const servers = await Promise.all(Object.entries(versions).map(([version, port]) => startVersion(version, port)));
  const sdsPath = join(sockets, 'sds.sock');
  const authority = await createDevelopmentAuthority({ now, crypto: webcrypto });
  const spiffeId = `spiffe://cluster.local/ns/${namespace}/sa/${serviceAccount}`;
  const workload = await issueWorkloadCertificate(authority, spiffeId, { now, crypto: webcrypto });
  const sds = await startSdsServer({ path: sdsPath, workload, rootPem: authority.certificatePem });
  const bootstrapPath = join(directory, 'envoy.json');
  const identity = { pod: 'visitor-1', namespace, serviceAccount, ip: loopback, labels: { app: 'visitor' } };
  const config = bootstrap({
    protocol: 'delta',
    ...identity,
    interception: 'NONE',
    xds: { address: loopback, port: xdsPort },
    sdsPath,
    adminPort: 0,
  });
  await writeFile(bootstrapPath, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
  return {
    bootstrapPath,
    close: async () => {
      sds.close();
      for (const server of servers) server.close();
      for (const server of servers) server.closeAllConnections();
      await rm(sockets, { recursive: true });
    },
  };
}

async function startVersion(version: string, port: number): Promise<Server> {
  const server = createServer((_request, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end(`${version}\n`));
  const connections = { closeIdle: () => server.closeIdleConnections(), closeAll: () => server.closeAllConnections() };
  await listen({
    server,
    connections,
    bind: loopback,
    port,
    purpose: `version ${version}`,
    flag: 'the ports in cli/demo/mesh/60-try.yaml',
  });
  return server;
}
