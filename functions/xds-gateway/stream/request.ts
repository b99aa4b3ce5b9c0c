import { memo } from '../../../shared/lib/memo.ts';
import { type Known, newType, noNames, type Owed, owesAll, owesNothing, type StreamState, type TypeState, withType } from './state.ts';
import { clusterType, endpointType, isNamedType } from './types.ts';

interface CommonRequest {
  readonly typeUrl: string;
  /** Nonce of the response that is answered; empty for a request of the client's own. */
  readonly nonce: string;
  /** Why the response was refused; absent if it was not. */
  readonly error?: string;
}

/** DiscoveryRequest: the whole list of names each time. */
export interface SotwRequest extends CommonRequest {
  readonly protocol: 'sotw';
  readonly names: readonly string[];
}

/** DeltaDiscoveryRequest: what changes in the list of names. */
export interface DeltaRequest extends CommonRequest {
  readonly protocol: 'delta';
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
  /** What the client has from an earlier stream, name → version. */
  readonly initialVersions: ReadonlyMap<string, string>;
}

export type Request = SotwRequest | DeltaRequest;

/** Stands for all names. */
const everything = '*';

/**
 * Whether a request has a meaning on this stream. An answer to a response that is not the last one is ignored whole, and so is a refusal of a type that was
 * never asked for; a nonce of an earlier stream makes a first request of its type.
 */
export function isStale(type: TypeState | undefined, { protocol, nonce, error }: Request): boolean {
  if (type === undefined) return error !== undefined;
  if (nonce === '') return error !== undefined;
  if (nonce === type.sentNonce) return false;
  return protocol === 'sotw' || !type.inFlight.some((response) => response.nonce === nonce);
}

/**
 * What a request that is ignored still tells: the client has dropped what it does not name, so that naming it again later is asking for it anew. Of clusters
 * and listeners a list of names says nothing about what the client has.
 */
export function forgetDropped(state: StreamState, request: Request, type: TypeState): StreamState {
  if (request.protocol === 'delta' || !isNamedType(request.typeUrl)) return state;
  const names = nameSet(request.names);
  const known = new Map([...type.known].filter(([name]) => names.has(name)));
  return known.size === type.known.size ? state : withType(state, request.typeUrl, { ...type, known });
}

const maxNameLists = 32;
const maxNamesLength = 1 << 20;

/** One set for all streams that name the same: sidecars of a mesh ask for the same thousand assignments, with every acknowledgement. */
function nameSet(list: readonly string[]): ReadonlySet<string> {
  if (list.length === 0) return noNames;
  const { names, count } = setOfLines(list.join('\n'));
  return count === list.length ? names : new Set(list);
}

const setOfLines = memo(
  (lines) => {
    const list = lines.split('\n');
    return { names: new Set(list) as ReadonlySet<string>, count: list.length };
  },
  maxNameLists,
  maxNamesLength,
);

/** Takes over what a request says about names, and notes what has to be answered. */
export function subscribe(state: StreamState, request: Request): StreamState {
  const before = state.types.get(request.typeUrl);
  if (request.protocol === 'sotw') return subscribeSotw(state, request, before);
  return before === undefined ? firstDelta(state, request) : withType(state, request.typeUrl, laterDelta(state, request, before));
}

function subscribeSotw(state: StreamState, { typeUrl, names: list, nonce }: SotwRequest, before: TypeState | undefined): StreamState {
  const names = nameSet(list);
  const isWildcard = !isNamedType(typeUrl) && (names.size === 0 || names.has(everything));
  if (before === undefined || nonce === '') {
    const owed = isNamedType(typeUrl) && names.size === 0 ? owesNothing : owesAll;
    const fresh = before === undefined ? newType(isWildcard, names, owed) : { ...before, isWildcard, names, owed, mustAnswer: false };
    const next = withType(state, typeUrl, kept(fresh, typeUrl));
    return typeUrl === clusterType ? withAssignments(next, (type) => ({ ...type, mustAnswer: true })) : next;
  }
  const added = list.filter((name) => !before.names.has(name));
  const isSame = added.length === 0 && names.size === before.names.size;
  const owed = before.mustAnswer || (!isNamedType(typeUrl) && !isSame) ? owesAll : owesAlso(before.owed, added);
  return withType(state, typeUrl, kept({ ...before, isWildcard, names, owed, mustAnswer: false }, typeUrl));
}

function firstDelta(state: StreamState, { typeUrl, subscribe: list, initialVersions }: DeltaRequest): StreamState {
  const asked = isNamedType(typeUrl) ? [...list, ...initialVersions.keys()] : list;
  const isWildcard = !isNamedType(typeUrl) && (list.length === 0 || list.includes(everything));
  const names = nameSet(asked.filter((name) => name !== everything));
  const owed = isNamedType(typeUrl) && names.size === 0 ? owesNothing : owesAll;
  const known = new Map([...initialVersions].map(([name, hash]): [string, Known] => [name, { hash }]));
  const next = withType(state, typeUrl, { ...newType(isWildcard, names, owed), known });
  return typeUrl === clusterType ? withAssignments(next, (type) => ({ ...type, owed: owesAll })) : next;
}

function laterDelta(state: StreamState, request: DeltaRequest, before: TypeState): TypeState {
  const { typeUrl } = request;
  const left = request.unsubscribe.length === 0 ? before.names : setWithout(before.names, request.unsubscribe);
  const added = request.subscribe.filter((name) => name !== everything && !left.has(name));
  const names = added.length === 0 ? left : left.size === 0 ? nameSet(added) : new Set([...left, ...added]);
  const becomesWildcard = !isNamedType(typeUrl) && request.subscribe.includes(everything) && !before.isWildcard;
  const isAnswered = isNamedType(typeUrl) || state.goal?.isFilteredByName === true;
  const owed = becomesWildcard ? owesAll : owesAlso(before.owed, isAnswered ? added : []);
  return kept({ ...before, isWildcard: before.isWildcard || becomesWildcard, names, owed }, typeUrl);
}

function setWithout(names: ReadonlySet<string>, gone: readonly string[]): ReadonlySet<string> {
  const left = new Set(names);
  for (const name of gone) left.delete(name);
  return left;
}

/** Forgets what the client dropped by not naming it any more. */
function kept(type: TypeState, typeUrl: string): TypeState {
  if (!isNamedType(typeUrl) || namesAll(type)) return type;
  const only = <T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> => new Map([...map].filter(([name]) => type.names.has(name)));
  return { ...type, known: only(type.known), waiting: only(type.waiting) };
}

function namesAll({ names, known }: TypeState): boolean {
  if (known.size > names.size) return false;
  for (const name of known.keys()) if (!names.has(name)) return false;
  return true;
}

/** Changes the subscription of assignments, if there is one: a client that asks for its clusters anew will wait for them. */
function withAssignments(state: StreamState, change: (type: TypeState) => TypeState): StreamState {
  const type = state.types.get(endpointType);
  return type === undefined || type.names.size === 0 ? state : withType(state, endpointType, change(type));
}

function owesAlso(owed: Owed, names: readonly string[]): Owed {
  if (owed.kind === 'all' || names.length === 0) return owed;
  return { kind: 'names', names: new Set([...(owed.kind === 'names' ? owed.names : []), ...names]) };
}
