import serverless from 'serverless-http';
import { type AppName, appNames, apps } from './apps.ts';
import { type Bench, type Figure, median } from './bench.ts';
import { podSizes, reviewBody } from './inputs.ts';

/** A function that runs for a while: what is hot is compiled. */
const warmUpRequests = 4_000;
const rounds = 9;
const requestsPerRound = 300;

/** CPU of this process per request, through the whole function: event, express, injection, answer. */
export const injectCpu: Bench = {
  name: 'inject-cpu',
  about: 'CPU per request in process, beside an echo handler on the same express + serverless-http',
  run: async (say) => {
    const figures: Figure[] = [];
    for (const size of podSizes) {
      const body = await reviewBody(size);
      say(`${size} pod: ${rounds} rounds of ${requestsPerRound} requests for each handler`);
      const { inject, echo } = await measure(body);
      figures.push({
        what: `${size} pod (${body.length.toLocaleString('en')} bytes), CPU per request`,
        unit: 'µs',
        value: inject,
        beside: echo,
      });
    }
    return figures;
  },
};

/** Rounds of both alternate, so that a busy machine slows both. */
async function measure(body: Buffer): Promise<Readonly<Record<AppName, number>>> {
  const calls = { inject: caller('inject', body), echo: caller('echo', body) };
  const taken: Record<AppName, number[]> = { inject: [], echo: [] };
  for (const name of appNames) await repeat(calls[name], warmUpRequests);
  for (let round = 0; round < rounds; round += 1) {
    for (const name of appNames) taken[name].push(await cpuPerCall(calls[name]));
  }
  return { inject: median(taken.inject), echo: median(taken.echo) };
}

function caller(name: AppName, body: Buffer): () => Promise<void> {
  const invoke = serverless(apps[name]());
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

async function cpuPerCall(call: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await repeat(call, requestsPerRound);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requestsPerRound;
}
