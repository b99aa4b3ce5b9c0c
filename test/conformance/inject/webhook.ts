import jsonPatch from 'fast-json-patch';
import { injectApp } from '../../../functions/inject/app.ts';
import { createInjector, type InjectorConfig } from '../../../shared/inject/index.ts';
import { noMetrics } from '../../../shared/observe/metrics.ts';
import { difference } from '../difference.ts';
import { type Answer, type Exchange, exchangeWith } from '../exchange.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export async function exchange(config: InjectorConfig, given: Exchange): Promise<Answer> {
  const injector = createInjector(config);
  return exchangeWith(injectApp({ injector: () => injector, log: quiet, metrics: noMetrics, now: () => 0 }), given);
}

/** Applies the patch of an answer to what was sent. */
export function applyAnswer(object: unknown, answer: string): unknown {
  const { patch } = JSON.parse(answer).response;
  if (patch === undefined) return object;
  const operations = JSON.parse(Buffer.from(patch, 'base64').toString());
  return jsonPatch.applyPatch(structuredClone(object), operations, true).newDocument;
}

/** Equal objects, but for containers' empty `resources`, which only Go's encoder prints. */
export function podDifference(expected: unknown, actual: unknown): string | undefined {
  return difference(withoutEmptyResources(expected), withoutEmptyResources(actual));
}

function withoutEmptyResources(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyResources);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, member]) => key !== 'resources' || Object.keys(member ?? {}).length > 0);
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutEmptyResources(member)]));
}

/** The part of a message that does not depend on Go: the stage, and each refused annotation with its value. */
const comparable: readonly RegExp[] = [
  /^failed to [a-z ]+(?=:)/,
  /^couldn't get version\/kind/,
  /^no kind "[^"]*" is registered for version "[^"]*"/,
  /^Object 'Kind' is missing/,
  /invalid value '[^']*' for annotation '[^']*'/g,
  /port [0-9]+ is reserved for Istio/,
];

/** Undefined for messages that tell a user the same. */
export function messageDifference(expected: string, actual: string): string | undefined {
  if (expected === actual) return undefined;
  const parts = (text: string): string =>
    comparable
      .flatMap((pattern) => text.match(pattern) ?? [])
      .sort()
      .join(' | ');
  if (parts(expected) !== '' && parts(expected) === parts(actual)) return undefined;
  return `message: ${JSON.stringify(expected)} expected, ${JSON.stringify(actual)} found`;
}
