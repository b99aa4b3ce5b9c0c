import type { Express } from 'express';
import serverless from 'serverless-http';
import { apps } from './apps.ts';
import { median } from './bench.ts';

export interface Effort {
  /** For what is hot to be compiled, as in a function that runs for a while. */
  readonly warmUpRequests: number;
  readonly rounds: number;
  readonly requestsPerRound: number;
}

/** Microseconds of CPU per request. */
export interface CpuBesideEcho {
  readonly ours: number;
  readonly echo: number;
}

/** CPU of this process per request through a whole function: event, express, the work, the answer. Rounds of both alternate, so that a busy machine slows both. */
export async function cpuBesideEcho(
  name: string,
  { app, body, effort }: { app: Express; body: Buffer; effort: Effort },
): Promise<CpuBesideEcho> {
  const calls = { ours: caller(name, app, body), echo: caller('echo', apps.echo(), body) };
  const taken = { ours: [] as number[], echo: [] as number[] };
  const sides = ['ours', 'echo'] as const;
  for (const side of sides) await repeat(calls[side], effort.warmUpRequests);
  for (let round = 0; round < effort.rounds; round += 1) {
    for (const side of sides) taken[side].push(await cpuPerCall(calls[side], effort.requestsPerRound));
  }
  return { ours: median(taken.ours), echo: median(taken.echo) };
}

function caller(name: string, app: Express, body: Buffer): () => Promise<void> {
  const invoke = serverless(app);
  const path = `/${name}`;
  const text = body.toString();
  return async () => {
    const answer = await invoke(
      {
        version: '2.0',
        rawPath: path,
        rawQueryString: 'timeout=10s',
        headers: { 'content-type': 'application/json' },
        requestContext: { http: { method: 'POST', path, sourceIp: '192.0.2.1' } },
        body: text,
        isBase64Encoded: false,
      },
      {},
    );
    if (!('statusCode' in answer) || answer.statusCode !== 200) throw new Error(`${name} answered ${JSON.stringify(answer)}`);
  };
}

async function repeat(call: () => Promise<void>, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) await call();
}

async function cpuPerCall(call: () => Promise<void>, requests: number): Promise<number> {
  const before = process.cpuUsage();
  await repeat(call, requests);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
}
