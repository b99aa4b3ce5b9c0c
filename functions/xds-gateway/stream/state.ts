import type { ContentHash } from '../../../shared/lib/hash.ts';
import type { Entries, Entry, Target } from './content.ts';

export type Protocol = 'sotw' | 'delta';

/** How long a type waits for the acknowledgement of the one before it, and a cluster for an assignment that nobody knows. */
export const patienceMs = 5_000;

/** The whole of what is known about one stream; a value. */
export interface StreamState {
  readonly protocol: Protocol;
  /** Where the stream is to be led; absent while its class is not known: requests are then held, not answered empty. */
  readonly goal?: Target;
  /** The last target that the client acknowledged entirely; what it is led back to after a refusal. */
  readonly base?: Target;
  /** Types of which the client acknowledged what {@link base} has; of the others it may run on something that we never saw. */
  readonly settled: ReadonlySet<string>;
  /** Id of the last target that was set, also after a refusal ended the walk to it. */
  readonly targetId: string;
  /** By type URL; only types that the client asked for. */
  readonly types: ReadonlyMap<string, TypeState>;
  /** Keys of resource versions that this client refused. */
  readonly rejected: ReadonlySet<string>;
  /** Number of responses so far; the next nonce. */
  readonly sentCount: number;
}

export interface TypeState {
  /** Everything of the type, whatever names were given. */
  readonly isWildcard: boolean;
  readonly names: ReadonlySet<string>;
  /** What the client has, as far as we know. */
  readonly known: ReadonlyMap<string, Known>;
  /** What was asked and is not answered. */
  readonly owed: Owed;
  /** Assignments whose cluster was sent anew: Envoy waits for them even if their bytes are the same. */
  readonly due: ReadonlySet<string>;
  /** The next request is answered in full, even if it is a plain acknowledgement. */
  readonly mustAnswer: boolean;
  /** Responses without an answer, oldest first. */
  readonly inFlight: readonly Response[];
  /** Names that wait for an assignment, with the time at which they began to. */
  readonly waiting: ReadonlyMap<string, number>;
  readonly sentNonce: string;
  readonly ackedNonce: string;
  readonly sentAtMs: number;
  /** The refusal of the last response, if it was refused. */
  readonly nack?: Nack;
}

export interface Known {
  /** A version that the client named itself, or of bytes that were sent. */
  readonly hash: string;
  /** Absent if the version is only the client's word. */
  readonly entry?: Entry;
  /** The client may have this or an older version: it refused the response. */
  readonly isRefused?: true;
}

export type Owed =
  | { readonly kind: 'nothing' }
  /** The answer is given even if there is nothing to put into it. */
  | { readonly kind: 'names'; readonly names: ReadonlySet<string> }
  | { readonly kind: 'all' };

export interface Response {
  readonly nonce: string;
  readonly sentAtMs: number;
  readonly version: string;
  /** What it changed for the client: the version sent, and the one before. */
  readonly changes: ReadonlyMap<string, { readonly entry: Entry; readonly before: Known | undefined }>;
}

/** Why a client refused a response, kept for status and for the roll-out. */
export interface Nack {
  readonly typeUrl: string;
  readonly nonce: string;
  readonly version: string;
  readonly message: string;
  /** The resources that the message names, else all that the response changed. */
  readonly suspects: readonly Suspect[];
  readonly atMs: number;
}

export interface Suspect {
  readonly name: string;
  readonly hash: ContentHash;
}

/** What is to be done outside of the state. */
export type Effect = SendEffect | { readonly kind: 'nacked'; readonly nack: Nack } | CloseEffect;

export interface SendEffect {
  readonly kind: 'send';
  readonly typeUrl: string;
  readonly nonce: string;
  readonly version: string;
  readonly resources: Entries;
  /** Delta only. */
  readonly removed: readonly string[];
  /** How many of the resources are answers of the gateway's own, because nobody has the resource. */
  readonly shells: number;
}

export interface CloseEffect {
  readonly kind: 'close';
  readonly code: 'invalid-argument' | 'permission-denied';
  readonly message: string;
}

/** What is asked about one type of a stream: what of a target the client shall have, or lacks. */
export interface Question {
  readonly state: StreamState;
  readonly typeUrl: string;
  readonly type: TypeState;
  readonly target: Target;
  readonly nowMs: number;
}

export function newStream(protocol: Protocol): StreamState {
  return { protocol, targetId: '', settled: new Set(), types: new Map(), rejected: new Set(), sentCount: 0 };
}

export const owesNothing: Owed = { kind: 'nothing' };
export const owesAll: Owed = { kind: 'all' };

export function newType(isWildcard: boolean, names: ReadonlySet<string>, owed: Owed): TypeState {
  return {
    isWildcard,
    names,
    known: new Map(),
    owed,
    due: new Set(),
    mustAnswer: false,
    inFlight: [],
    waiting: new Map(),
    sentNonce: '',
    ackedNonce: '',
    sentAtMs: 0,
  };
}

/** The stream with one type changed. */
export function withType(state: StreamState, typeUrl: string, type: TypeState): StreamState {
  return { ...state, types: new Map(state.types).set(typeUrl, type) };
}

/** What {@link StreamState.rejected} holds. */
export function rejectionKey(typeUrl: string, name: string, hash: string): string {
  return `${typeUrl}\n${name}\n${hash}`;
}
