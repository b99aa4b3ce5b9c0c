import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';

interface Network {
  readonly name: string;
  readonly namespace: string;
}

/**
 * Adds a network (`name` or `namespace/name`) to the value of the annotation `k8s.v1.cni.cncf.io/networks`, a comma list or a JSON array. What
 * is there already, or is no array of objects, comes back unchanged. Istio compatibility: the entry is put in as text, so that an empty array
 * becomes invalid JSON.
 */
export function appendMultusNetwork(existing: string, network: string): string {
  if (existing === '') return network;
  if (existing.includes(']')) return appendToJson(existing, networkOf(network));
  const isKnown = existing.split(',').some((piece) => piece.trim() === network);
  return isKnown ? existing : `${existing}, ${network}`;
}

function networkOf(text: string): Network {
  const slash = text.indexOf('/');
  return { namespace: text.slice(0, Math.max(slash, 0)), name: text.slice(slash + 1) };
}

function appendToJson(existing: string, network: Network): string {
  const entries = objectsOf(existing);
  if (!entries || entries.some((entry) => isSame(entry, network))) return existing;
  const end = existing.lastIndexOf(']');
  const namespace = network.namespace === '' ? '' : `, "namespace": "${network.namespace}"`;
  return `${existing.slice(0, end)}, {"name": "${network.name}"${namespace}}${existing.slice(end)}`;
}

function isSame(entry: JsonObject, { name, namespace }: Network): boolean {
  return entry['name'] === name && (entry['namespace'] ?? '') === namespace;
}

/** Undefined when the text is no JSON array of objects. */
function objectsOf(text: string): readonly JsonObject[] | undefined {
  const value = parseJson(text);
  return isJsonArray(value) && value.every(isJsonObject) ? value : undefined;
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
