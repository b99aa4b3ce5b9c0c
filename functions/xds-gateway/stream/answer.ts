import type { Entries, Entry } from './content.ts';
import {
  changesIn,
  type Known,
  type Nack,
  type Response,
  rejectionKey,
  type StreamState,
  type Suspect,
  type TypeState,
  withType,
} from './state.ts';

/** Notes that the client took a response. */
export function acknowledge(state: StreamState, typeUrl: string, nonce: string): StreamState {
  const type = state.types.get(typeUrl);
  if (type === undefined) return state;
  const { nack, ...rest } = type;
  const inFlight = state.protocol === 'sotw' ? [] : type.inFlight.filter((response) => response.nonce !== nonce);
  const isLast = nonce === type.sentNonce;
  const known = taken(type.known, type.inFlight.find((response) => response.nonce === nonce)?.resources);
  const answered = { ...rest, known, inFlight, ackedNonce: isLast ? nonce : type.ackedNonce };
  return withType(state, typeUrl, isLast || nack === undefined ? answered : { ...answered, nack });
}

/** A version that the client refused before, and takes now. */
function taken(known: ReadonlyMap<string, Known>, resources: Entries | undefined): ReadonlyMap<string, Known> {
  if (known === resources || resources === undefined) return known;
  const retaken = [...resources].filter(([name, { hash }]) => known.get(name)?.isRefused === true && known.get(name)?.hash === hash);
  return retaken.length === 0 ? known : new Map<string, Known>([...known, ...retaken]);
}

interface Refusal {
  readonly typeUrl: string;
  readonly nonce: string;
  readonly message: string;
  readonly nowMs: number;
}

/**
 * Notes that the client refused a response. The walk ends: the stream is led back to what it acknowledged before, and the suspects are not offered to it
 * again. A type that was never acknowledged has nothing to go back to; then only resources that the message names are withheld, because leaving out
 * everything could take from a proxy what it runs on since an earlier stream.
 */
export function refuse(state: StreamState, refusal: Refusal): { readonly state: StreamState; readonly nack?: Nack } {
  const { typeUrl, nonce, message, nowMs } = refusal;
  const type = state.types.get(typeUrl);
  if (type === undefined) return { state };
  const response = type.inFlight.find((item) => item.nonce === nonce);
  const changed = response === undefined ? [] : changesIn({ ...response, before: (unanswered(state, type) ?? response).before });
  const named = changed.filter(([name]) => mentions(message, name));
  const blamed = named.length > 0 ? named : changed;
  const suspects = blamed.map(([name, { hash }]): Suspect => ({ name, hash }));
  const nack: Nack = { typeUrl, nonce, version: response?.version ?? '', message, suspects, atMs: nowMs };
  const known = new Map<string, Known>([...type.known, ...refusedOf(state, typeUrl, state.settled.has(typeUrl) ? changed : blamed)]);
  const inFlight = state.protocol === 'sotw' ? [] : type.inFlight.filter((item) => item !== response);
  const withheld = state.settled.has(typeUrl) || named.length > 0 ? suspects : [];
  const rejected = withheld.filter(({ name, hash }) => settledHash(state, typeUrl, name) !== hash);
  const next: StreamState = {
    ...state,
    rejected: new Set([...state.rejected, ...rejected.map(({ name, hash }) => rejectionKey(typeUrl, name, hash))]),
    ...(state.base === undefined ? {} : { goal: state.base }),
  };
  return { state: withType(next, typeUrl, { ...type, known, inFlight, nack }), nack };
}

/** The oldest response that the client may have refused: a SotW client's answers to all but the last are not heard. */
function unanswered({ protocol }: StreamState, { inFlight }: TypeState): Response | undefined {
  return protocol === 'sotw' ? inFlight[0] : undefined;
}

/** The version that the client took before, and is led back to. */
function settledHash(state: StreamState, typeUrl: string, name: string): string | undefined {
  return state.settled.has(typeUrl) ? state.base?.content.get(typeUrl)?.get(name)?.hash : undefined;
}

/**
 * What the client may have or not, now. A settled type is led back whole, another keeps what the message does not blame. A version that the client took
 * before is offered once more, unless this was that.
 */
function refusedOf(state: StreamState, typeUrl: string, changed: readonly (readonly [string, Entry])[]): readonly [string, Known][] {
  const isRetried = state.goal !== state.base;
  return changed.map(([name, { hash, bytes }]) => {
    const isOffered = isRetried && settledHash(state, typeUrl, name) === hash;
    return [name, { hash: isOffered ? '' : hash, bytes, isRefused: true }];
  });
}

const partOfName = /[\w|/-]/;

/** Whether a text has the name as a word of its own: `outbound|80||web` is not named by `outbound|80||web.default`. */
export function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0 && name !== ''; at = text.indexOf(name, at + 1)) {
    const [before, after, afterThat] = [text[at - 1] ?? ' ', text[at + name.length] ?? ' ', text[at + name.length + 1] ?? ' '];
    const endsHere = !partOfName.test(after) && !(after === '.' && partOfName.test(afterThat));
    if (!partOfName.test(before) && before !== '.' && endsHere) return true;
  }
  return false;
}
