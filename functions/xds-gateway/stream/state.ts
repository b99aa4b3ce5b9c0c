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
  /** Nothing may be sent now: what was sent before is still on its way. The state goes on, and whatever it has come to is sent afterwards. */
  readonly isHeld?: true;
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

/** What a client has of a resource: what it was sent, as it was, or a version that it named itself. */
export interface Known {
  /** Empty if it refused a version that it took before, which may be offered once more. */
  readonly hash: string;
  /** Absent if the version is only the client's word. */
  readonly bytes?: Uint8Array;
  readonly isShell?: true;
  /** The client may have this or an older version: it refused the response. */
  readonly isRefused?: true;
}

/** Whether a client has something that can be sent again. */
export function isEntry(known: Known | undefined): known is Entry {
  return known?.bytes !== undefined && known.isRefused === undefined;
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
  readonly resources: Entries;
  /** What the client had before. */
  readonly before: ReadonlyMap<string, Known>;
}

/** What a response changed for the client. */
export function changesIn({ resources, before }: Response): readonly (readonly [string, Entry])[] {
  return resources === before ? [] : [...resources].filter(([name, { hash }]) => before.get(name)?.hash !== hash);
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
  /** How many of the resources are shells. */
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

/** Of no names at all; one value, so that states of many streams compare as equal. */
export const noNames: ReadonlySet<string> = new Set();

export const owesNothing: Owed = { kind: 'nothing' };
export const owesAll: Owed = { kind: 'all' };

export function newType(isWildcard: boolean, names: ReadonlySet<string>, owed: Owed): TypeState {
  return {
    isWildcard,
    names,
    known: new Map(),
    owed,
    due: noNames,
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
