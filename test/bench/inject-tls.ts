import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type AppName, appNames } from './apps.ts';
import type { Bench, Figure } from './bench.ts';
import { podSizes, reviewBody } from './inputs.ts';
import type { LoadRequest, LoadResult } from './tls-load.ts';
import type { ServerMessage } from './tls-server.ts';

const connectionCounts = [1, 8, 64];
const seconds = 3;

/** Requests over TLS: server and load in processes of their own, on the same machine. */
export const injectTls: Bench = {
  name: 'inject-tls',
  about: `requests over TLS with keep-alive at ${connectionCounts.join(', ')} connections, ${seconds} s each`,
  run: async (say) => {
    const bodies = await Promise.all(podSizes.map(async (size) => ({ size, body: await reviewBody(size) })));
    const servers = { inject: await startServer('inject'), echo: await startServer('echo') };
    try {
      const figures: Figure[] = [];
      for (const { size, body } of bodies) {
        for (const connections of connectionCounts) {
          say(`${size} pod at ${connections} connections`);
          const measured = await measureBoth(servers, { body: body.toString(), connections });
          figures.push(...toFigures(`${size} pod, ${connections} conn`, measured));
        }
      }
      return figures;
    } finally {
      for (const name of appNames) servers[name].process.kill();
    }
  },
};

interface Server {
  readonly process: ChildProcess;
  readonly port: number;
}

interface Measured extends LoadResult {
  readonly cpuPerRequestUs: number;
}

async function startServer(name: AppName): Promise<Server> {
  const child = fork(fileURLToPath(new URL('./tls-server.ts', import.meta.url)), [name]);
  const [message] = (await once(child, 'message')) as [ServerMessage];
  return { process: child, port: message.port };
}

async function measureBoth(
  servers: Readonly<Record<AppName, Server>>,
  load: Pick<LoadRequest, 'body' | 'connections'>,
): Promise<Readonly<Record<AppName, Measured>>> {
  return { inject: await measure(servers.inject, 'inject', load), echo: await measure(servers.echo, 'echo', load) };
}

async function measure(
  { process: server, port }: Server,
  name: AppName,
  load: Pick<LoadRequest, 'body' | 'connections'>,
): Promise<Measured> {
  const url = `https://127.0.0.1:${port}/${name}`;
  await runLoad({ ...load, url, seconds: 1 });
  const before = await cpuOf(server);
  const result = await runLoad({ ...load, url, seconds });
  const after = await cpuOf(server);
  return { ...result, cpuPerRequestUs: (after - before) / result.answered };
}

async function cpuOf(server: ChildProcess): Promise<number> {
  server.send('cpu');
  const [message] = (await once(server, 'message')) as [ServerMessage];
  return message.cpuUs;
}

async function runLoad(request: LoadRequest): Promise<LoadResult> {
  const child = fork(fileURLToPath(new URL('./tls-load.ts', import.meta.url)));
  child.send(request);
  const [result] = (await once(child, 'message')) as [LoadResult];
  if (result.failed > 0 || result.answered === 0) throw new Error(`${request.url}: ${result.failed} of ${result.answered} requests failed`);
  return result;
}

function toFigures(what: string, { inject, echo }: Readonly<Record<AppName, Measured>>): readonly Figure[] {
  return [
    { what: `${what}, rate`, unit: 'req/s', value: inject.perSecond, beside: echo.perSecond },
    { what: `${what}, p50`, unit: 'ms', value: inject.p50Ms, beside: echo.p50Ms },
    { what: `${what}, p99`, unit: 'ms', value: inject.p99Ms, beside: echo.p99Ms },
    { what: `${what}, server CPU per request`, unit: 'µs', value: inject.cpuPerRequestUs, beside: echo.cpuPerRequestUs },
  ];
}
