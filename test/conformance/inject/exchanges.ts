import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InjectorConfig, loadInjectorConfig } from '../../../shared/inject/index.ts';
import { difference } from '../difference.ts';
import type { Answer } from '../exchange.ts';
import type { Row } from '../suite.ts';
import { applyAnswer, exchange, messageDifference, podDifference } from './webhook.ts';

interface Recorded {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly contentType: string;
    readonly body?: string;
    /** `N space characters`, for a body too large to be kept. */
    readonly bodyGenerator?: string;
  };
  readonly response?: {
    readonly status: number;
    readonly contentType: string;
    readonly location?: string;
    readonly body?: { readonly response: { readonly status?: { readonly message: string } } };
    readonly bodyText?: string;
    readonly patched?: unknown;
    readonly wire?: string;
  };
}

export function exchangeRows(folder: string): readonly Row[] {
  const files = readdirSync(join(folder, 'http')).filter((file) => /^\d+-.*\.json$/.test(file));
  return files.sort().map((file) => ({
    id: `http/${file.replace('.json', '')}`,
    tags: ['http'],
    compare: () => compareExchange(JSON.parse(readFileSync(join(folder, 'http', file), 'utf8')), exchangeConfig(folder)),
  }));
}

/** The one configuration of all exchanges: stock templates, native sidecars on. */
function exchangeConfig(folder: string): InjectorConfig {
  const read = (file: string): string => readFileSync(join(folder, 'http', file), 'utf8');
  const { value, problems } = loadInjectorConfig({
    injectConfigText: read('config.json'),
    valuesText: read('values.json'),
    meshConfigText: read('mesh.yaml'),
    host: { nowMs: () => 0, env: () => undefined },
    settings: { nativeSidecars: 'true', platform: '', compliancePolicy: '', rootCertificate: { mode: 'configmap' } },
  });
  if (!value) throw new Error(`configuration of the exchanges: ${JSON.stringify(problems)}`);
  return value;
}

async function compareExchange({ request, response }: Recorded, config: InjectorConfig): Promise<string | undefined> {
  const body = request.body ?? ' '.repeat(Number.parseInt(request.bodyGenerator ?? '0', 10));
  const answer = await exchange(config, { ...request, body });
  // The recorded program drops the connection where a review has no request; the rule for others is to answer an error.
  if (!response) return answer.status === 200 && JSON.parse(answer.text).response.allowed === false ? undefined : `answered ${answer.text}`;
  const head = { status: answer.status, contentType: answer.contentType, location: answer.location };
  const expectedHead = { status: response.status, contentType: response.contentType, location: response.location ?? '' };
  const headDifference = difference(expectedHead, head);
  if (headDifference !== undefined) return headDifference;
  return response.body ? compareReview(response, body, answer) : difference(response.bodyText, answer.text, 'body');
}

function compareReview(response: NonNullable<Recorded['response']>, body: string, answer: Answer): string | undefined {
  const actual = JSON.parse(answer.text);
  const expectedMessage = response.body?.response.status?.message;
  const actualMessage = actual.response.status?.message;
  const found = messageDifference(expectedMessage ?? '', actualMessage ?? '');
  if (found !== undefined) return found;
  if (response.patched !== undefined) {
    const object = JSON.parse(body.trimStart().startsWith('{') ? body : body.slice(body.indexOf('{'))).request?.object;
    const sent = object ?? JSON.parse(body.slice(body.indexOf('{')));
    const pod = podDifference(response.patched, applyAnswer(sent, answer.text));
    if (pod !== undefined) return pod;
  }
  return difference(withoutTexts(response.body), withoutTexts(actual));
}

/** Patches are compared by applying them, messages by what they say. */
function withoutTexts(review: unknown): unknown {
  const copy = structuredClone(review) as { response: { patch?: unknown; status?: { message?: unknown } } };
  delete copy.response.patch;
  if (copy.response.status) delete copy.response.status.message;
  return copy;
}
