import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { InjectorTexts } from './config.ts';

/**
 * What lies in a store for the injection function: one object for each revision, one for each tag, and one with facts of the cluster. Small JSON
 * documents that people can read.
 */

/** Format of the stored documents; a reader takes this one and the one before. */
const schemaVersion = 1;

export function revisionKey(revision: string): string {
  return `inject/revisions/${revision}`;
}

/** A tag stands for a revision, so that namespaces need not be labelled anew for an upgrade. */
export function tagKey(tag: string): string {
  return `inject/tags/${tag}`;
}

/** Nodes, namespaces and ProxyConfig resources as a cluster has them, raw. */
export const clusterKey = 'inject/cluster';

export function encodeTexts(texts: InjectorTexts): Uint8Array {
  return encode({ ...texts });
}

export function decodeTexts(bytes: Uint8Array): Result<InjectorTexts> {
  const document = decodeDocument(bytes);
  if (!document.ok) return document;
  const texts: Record<string, string> = {};
  for (const name of ['meshConfigText', 'valuesText', 'injectConfigText'] as const) {
    const text = document.value[name];
    if (typeof text === 'string') texts[name] = text;
    else if (text !== undefined) return fail(`${name} is no text`);
  }
  return ok(texts);
}

export function encodeTag(revision: string): Uint8Array {
  return encode({ revision });
}

export function decodeTag(bytes: Uint8Array): Result<string> {
  const document = decodeDocument(bytes);
  if (!document.ok) return document;
  const { revision } = document.value;
  return typeof revision === 'string' ? ok(revision) : fail('revision is no text');
}

export function encodeCluster(objects: readonly JsonObject[]): Uint8Array {
  return encode({ objects });
}

export function decodeCluster(bytes: Uint8Array): Result<readonly JsonObject[]> {
  const document = decodeDocument(bytes);
  if (!document.ok) return document;
  const { objects } = document.value;
  return isJsonArray(objects) && objects.every(isJsonObject) ? ok(objects) : fail('objects is no list of objects');
}

function encode(members: JsonObject): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ schemaVersion, ...members }, null, 2)}\n`);
}

function decodeDocument(bytes: Uint8Array): Result<JsonObject> {
  let document: JsonValue;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (caught) {
    return fail(`is no JSON: ${caught instanceof Error ? caught.message : String(caught)}`);
  }
  if (!isJsonObject(document)) return fail('is no JSON object');
  const version = document['schemaVersion'];
  if (version === schemaVersion || version === schemaVersion - 1) return ok(document);
  return fail(`has schema version ${JSON.stringify(version ?? null)}, and this program reads ${schemaVersion - 1} and ${schemaVersion}`);
}
