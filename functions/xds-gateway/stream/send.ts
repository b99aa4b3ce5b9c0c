import { contentHash } from '../../../shared/lib/hash.ts';
import { type Entries, partsOf } from './content.ts';
import { changesIn, type Known, noNames, type Response, type SendEffect, type StreamState, type TypeState, withType } from './state.ts';
import { clusterType, endpointType } from './types.ts';

/** A response to be sent. */
export interface Message {
  readonly typeUrl: string;
  readonly resources: Entries;
  readonly removed: readonly string[];
  /** The client drops what is not in the message. */
  readonly isWhole: boolean;
  readonly nowMs: number;
}

export interface Sent {
  readonly state: StreamState;
  readonly effects: readonly SendEffect[];
}

/** More than this many unanswered responses are not remembered. */
const maxInFlight = 16;
const versionDigits = 16;

/** Sends a message, and assumes from then on that the client has what was in it. */
export function send(state: StreamState, message: Message): Sent {
  const { typeUrl, resources, removed, nowMs } = message;
  const type = state.types.get(typeUrl);
  if (type === undefined) return { state, effects: [] };
  const nonce = String(state.sentCount + 1);
  const version = versionOf(resources, removed);
  const response: Response = { nonce, sentAtMs: nowMs, version, resources, before: type.known };
  const next = withType({ ...state, sentCount: state.sentCount + 1 }, typeUrl, {
    ...type,
    known: knownAfter(type, message),
    due: without(type.due, resources),
    waiting: type.waiting.size === 0 ? type.waiting : new Map([...type.waiting].filter(([name]) => !resources.has(name))),
    inFlight: [...type.inFlight, response].slice(-maxInFlight),
    sentNonce: nonce,
    sentAtMs: nowMs,
  });
  let shells = 0;
  for (const { isShell } of resources.values()) if (isShell === true) shells += 1;
  const effect: SendEffect = { kind: 'send', typeUrl, nonce, version, resources, removed, shells };
  return { state: typeUrl === clusterType ? withDue(next, response) : next, effects: [effect] };
}

/** The same for the same content, on every replica. */
function versionOf(resources: Entries, removed: readonly string[]): string {
  const sums = partsOf(resources).map(sumOf);
  const sum = [0, 1, 2].map((at) => sums.reduce((total, one) => (total + (one[at] ?? 0)) >>> 0, 0));
  return contentHash([sum.join(' '), ...removed.toSorted()].join('\n')).slice(0, versionDigits);
}

/** Number of resources, and their hashes added up as numbers, which gives the same in any order. A message holds its own name, so the hashes tell of that too. */
type Sum = readonly [number, number, number];

const knownSums = new WeakMap<Entries, Sum>();

function sumOf(resources: Entries): Sum {
  const known = knownSums.get(resources);
  if (known !== undefined) return known;
  let [high, low] = [0, 0];
  for (const { hash } of resources.values()) {
    high = (high + Number.parseInt(hash.slice(0, 8), 16)) >>> 0;
    low = (low + Number.parseInt(hash.slice(8, 16), 16)) >>> 0;
  }
  const sum: Sum = [resources.size, high, low];
  knownSums.set(resources, sum);
  return sum;
}

/** The resources themselves where nothing else is known: many streams then share one map. */
function knownAfter(type: TypeState, { resources, removed, isWhole }: Message): ReadonlyMap<string, Known> {
  const { known } = type;
  const refused = resentRefused(type, resources);
  if (removed.length === 0 && refused.length === 0 && (isWhole || holdsAll(resources, known))) return resources;
  const after = new Map<string, Known>([...(isWhole ? [] : known), ...resources, ...refused]);
  for (const name of removed) after.delete(name);
  return after;
}

/** What a client refused stays refused when it is sent again, until the client takes it. */
function resentRefused({ known, nack }: TypeState, resources: Entries): readonly (readonly [string, Known])[] {
  if (nack === undefined) return [];
  return [...known].filter(([name, { hash, isRefused }]) => isRefused === true && resources.get(name)?.hash === hash);
}

/** Whether a map has all names of another. */
export function holdsAll(map: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  if (map === other) return true;
  if (map.size < other.size) return false;
  for (const name of other.keys()) if (!map.has(name)) return false;
  return true;
}

/** Envoy warms new and changed clusters, and each waits for an assignment, also if it had the same one before. */
function withDue(state: StreamState, response: Response): StreamState {
  const type = state.types.get(endpointType);
  if (type === undefined) return state;
  const assignments = changesIn(response).flatMap(([, { assignment }]) => assignment ?? []);
  return assignments.length === 0 ? state : withType(state, endpointType, { ...type, due: new Set([...type.due, ...assignments]) });
}

function without(names: ReadonlySet<string>, sent: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  if (names.size === 0) return names;
  const left = [...names].filter((name) => !sent.has(name));
  return left.length === 0 ? noNames : new Set(left);
}
