// Child process of the TLS bench: sends one load and tells what came back.
import { once } from 'node:events';
import autocannon, { type Options, type Result } from 'autocannon';

export interface LoadRequest {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly answered: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const [{ url, body, connections, seconds }] = (await once(process, 'message')) as [LoadRequest];
const timesMs: number[] = [];
const done = Promise.withResolvers<Result>();
const options: Options = { url, body, connections, duration: seconds, method: 'POST', headers: { 'content-type': 'application/json' } };
const load = autocannon(options, (error: unknown, loaded) => (error ? done.reject(error) : done.resolve(loaded)));
// autocannon's own percentiles are whole milliseconds.
load.on('response', (_client, _status, _bytes, timeMs) => timesMs.push(timeMs));
const { requests, errors, non2xx, duration } = await done.promise;
timesMs.sort((a, b) => a - b);
const result: LoadResult = {
  answered: requests.total,
  failed: errors + non2xx,
  perSecond: requests.total / duration,
  p50Ms: percentile(50),
  p99Ms: percentile(99),
};
process.send?.(result, () => process.disconnect());

function percentile(percent: number): number {
  return timesMs[Math.min(timesMs.length - 1, Math.floor((timesMs.length * percent) / 100))] ?? 0;
}
