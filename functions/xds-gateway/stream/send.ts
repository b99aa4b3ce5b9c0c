import { contentHash } from '../../../shared/lib/hash.ts';
import type { Entry } from './content.ts';
import { type Known, type Response, type SendEffect, type StreamState, type TypeState, withType } from './state.ts';
import { clusterType, endpointType } from './types.ts';
import type { Wanted } from './view.ts';

/** A response to be sent. */
export interface Message {
  readonly typeUrl: string;
  readonly resources: ReadonlyMap<string, Wanted>;
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
  const entries = new Map([...resources].map(([name, { entry }]) => [name, entry]));
  const version = versionOf(entries, removed);
  const response: Response = { nonce, sentAtMs: nowMs, version, changes: changesOf(type, entries) };
  const next = withType({ ...state, sentCount: state.sentCount + 1 }, typeUrl, {
    ...type,
    known: knownAfter(type, message),
    due: without(type.due, entries),
    waiting: new Map([...type.waiting].filter(([name]) => !entries.has(name))),
    inFlight: [...type.inFlight, response].slice(-maxInFlight),
    sentNonce: nonce,
    sentAtMs: nowMs,
  });
  const shells = [...resources.values()].filter(({ isShell }) => isShell === true).length;
  const effect: SendEffect = { kind: 'send', typeUrl, nonce, version, resources: entries, removed, shells };
  return { state: typeUrl === clusterType ? withDue(next, response) : next, effects: [effect] };
}

/** The same for the same content, on every replica. */
function versionOf(entries: ReadonlyMap<string, Entry>, removed: readonly string[]): string {
  const lines = [...entries].map(([name, { hash }]) => `${name} ${hash}`).sort();
  return contentHash([...lines, ...removed.toSorted()].join('\n')).slice(0, versionDigits);
}

function changesOf(type: TypeState, entries: ReadonlyMap<string, Entry>): Response['changes'] {
  const changed = [...entries].filter(([name, { hash }]) => type.known.get(name)?.hash !== hash);
  return new Map(changed.map(([name, entry]) => [name, { entry, before: type.known.get(name) }]));
}

function knownAfter(type: TypeState, { resources, removed, isWhole }: Message): ReadonlyMap<string, Known> {
  const sent = [...resources].map(([name, { entry }]): [string, Known] => [name, { hash: entry.hash, entry }]);
  const known = new Map(isWhole ? sent : [...type.known, ...sent]);
  for (const name of removed) known.delete(name);
  return known;
}

/** Envoy warms new and changed clusters, and each waits for an assignment, also if it had the same one before. */
function withDue(state: StreamState, { changes }: Response): StreamState {
  const type = state.types.get(endpointType);
  if (type === undefined) return state;
  const assignments = [...changes.values()].flatMap(({ entry }) => entry.assignment ?? []);
  return withType(state, endpointType, { ...type, due: new Set([...type.due, ...assignments]) });
}

function without(names: ReadonlySet<string>, sent: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  return new Set([...names].filter((name) => !sent.has(name)));
}
