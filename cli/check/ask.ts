import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';

/** How an endpoint answered a review, or why it did not. */
export type Reply =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      /** Its clock, from header `date`; undefined if it tells none. */
      readonly atMs: number | undefined;
      /** End of its certificate. */
      readonly certificateEndMs: number | undefined;
      readonly ms: number;
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

export interface Question {
  readonly url: URL;
  readonly body: string;
  /** Certificates to trust instead of the system's, PEM. */
  readonly caPem?: string;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

/** Twice as long as an API server waits, so that slow can be told from dead. */
const patienceMs = 10_000;

/** Posts a review as an API server does. Trouble is an answer, too. */
export function ask({ url, body, caPem, now }: Question): Promise<Reply> {
  const start = now();
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'user-agent': 'pilotless-check' };
    const sent = request(url, { method: 'POST', headers, agent: false, timeout: patienceMs, ...(caPem !== undefined && { ca: caPem }) });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ kind: 'failed', code: error.code ?? '', message: error.message }));
    sent.on('response', async (response) => {
      const certificateEnd = (response.socket as TLSSocket).getPeerCertificate().valid_to;
      const text = (await buffer(response)).toString();
      resolve({
        kind: 'answered',
        status: response.statusCode ?? 0,
        body: text,
        atMs: timeOf(response.headers.date),
        certificateEndMs: timeOf(certificateEnd),
        ms: now() - start,
      });
    });
    sent.end(body);
  });
}

function timeOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
