// Child process of the TLS bench: sends one load and tells what came back.
import { once } from 'node:events';
import autocannon from 'autocannon';

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
const { requests, latency, errors, non2xx, duration } = await autocannon({
  url,
  body,
  connections,
  duration: seconds,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
});
const result: LoadResult = {
  answered: requests.total,
  failed: errors + non2xx,
  perSecond: requests.total / duration,
  p50Ms: latency.p50,
  p99Ms: latency.p99,
};
process.send?.(result, () => process.disconnect());
