import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateApp } from '../../../functions/validate/app.ts';
import { noMetrics } from '../../../shared/observe/metrics.ts';
import { unneededHints } from '../../../shared/sources/hint.ts';
import { difference } from '../difference.ts';
import { type Exchange, exchangeWith } from '../exchange.ts';
import type { Row } from '../suite.ts';

interface Recorded {
  readonly name: string;
  readonly request: Exchange;
  readonly response: { readonly status: number; readonly contentType: string; readonly body: unknown };
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Exchanges with the real webhook server, against our express app over a socket. */
export function exchangeRows(folder: string): readonly Row[] {
  const recorded: readonly Recorded[] = JSON.parse(readFileSync(join(folder, 'webhook.json'), 'utf8'));
  return recorded.map((one) => ({ id: `webhook/${one.name}`, tags: ['webhook'], compare: () => compareExchange(one) }));
}

async function compareExchange({ request, response }: Recorded): Promise<string | undefined> {
  const app = validateApp({ log: quiet, metrics: noMetrics, hints: unneededHints });
  const { status, contentType, text } = await exchangeWith(app, request);
  const body = typeof response.body === 'string' ? text : JSON.parse(text);
  return difference(withoutGo(response), withoutGo({ status, contentType, body }));
}

/** What Go's decoders say of a body that is no review names positions in Go's own sources; ours say what to send instead (docs/differences.md). */
const decoderText = /^(could not decode body: )(?!Object 'Kind' is missing).*$/s;

function withoutGo(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer), (key, value) =>
    key === 'message' && typeof value === 'string' ? value.replace(decoderText, '$1') : value,
  );
}
