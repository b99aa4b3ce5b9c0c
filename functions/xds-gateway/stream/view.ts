import type { Entries, Entry, Target } from './content.ts';
import { remembered } from './memo.ts';
import { shell } from './shell.ts';
import { patienceMs, type Question, rejectionKey, type StreamState } from './state.ts';
import { endpointType, isNamedType } from './types.ts';

const none: Entries = new Map();

export interface Wanted {
  readonly entry: Entry;
  /** Stands in for a resource that nobody has. */
  readonly isShell?: true;
}

/** Whether a client gets everything of the type, whatever it named. */
export function coversAll({ typeUrl, type, target }: Question): boolean {
  return !isNamedType(typeUrl) && (!target.isFilteredByName || type.isWildcard);
}

/** What a target has of a type for this client: what it refused is replaced by what it had before, or left out. */
export function acceptable(state: StreamState, target: Target, typeUrl: string): Entries {
  const entries = target.content.get(typeUrl) ?? none;
  if (state.rejected.size === 0) return entries;
  const isRejected = (name: string, entry: Entry): boolean => state.rejected.has(rejectionKey(typeUrl, name, entry.hash));
  const older = (state.settled.has(typeUrl) ? state.base?.content.get(typeUrl) : undefined) ?? none;
  const accepted = new Map<string, Entry>();
  for (const [name, entry] of entries) {
    const chosen = isRejected(name, entry) ? older.get(name) : entry;
    if (chosen !== undefined && !isRejected(name, chosen)) accepted.set(name, chosen);
  }
  return accepted;
}

/** Everything of a type that the client shall have, by name. */
export const wanted = remembered((question): ReadonlyMap<string, Wanted> => {
  const entries = acceptable(question.state, question.target, question.typeUrl);
  if (coversAll(question)) return allOf(entries);
  const found = new Map<string, Wanted>();
  for (const name of question.type.names) {
    const entry = entries.get(name);
    const choice = entry === undefined ? substitute(question, name) : { entry };
    if (choice !== undefined) found.set(name, choice);
  }
  return found;
});

const wholes = new WeakMap<Entries, ReadonlyMap<string, Wanted>>();

/** One value for all streams that get everything. */
function allOf(entries: Entries): ReadonlyMap<string, Wanted> {
  const whole = wholes.get(entries) ?? new Map([...entries].map(([name, entry]) => [name, { entry }]));
  wholes.set(entries, whole);
  return whole;
}

/** What a name without a resource gets. An assignment that a cluster waits for is kept if there was one, and may still come if not. */
function substitute(question: Question, name: string): Wanted | undefined {
  const { typeUrl, type, nowMs } = question;
  const known = type.known.get(name);
  if (awaitsAssignment(question, name)) {
    if (known?.entry !== undefined && known.isRefused === undefined) return { entry: known.entry };
    const since = type.waiting.get(name);
    if (since === undefined || nowMs - since < patienceMs) return undefined;
  }
  const entry = known?.isRefused === true ? undefined : shell(typeUrl, name);
  return entry === undefined ? undefined : { entry, isShell: true };
}

/** Whether a cluster of the target waits for an assignment that the target does not have. */
export function awaitsAssignment({ typeUrl, target }: Question, name: string): boolean {
  return typeUrl === endpointType && target.assignments.has(name) && !target.content.get(typeUrl)?.has(name);
}

/** New and changed resources, and assignments whose clusters changed. That a resource gives way to a shell is a removal. */
export const additions = remembered((question): ReadonlyMap<string, Wanted> => {
  const { known, due } = question.type;
  const pending = new Map<string, Wanted>();
  for (const [name, want] of wanted(question)) {
    const had = known.get(name);
    const isChanged = had?.hash !== want.entry.hash && (want.isShell === undefined || had === undefined);
    if (isChanged || due.has(name)) pending.set(name, want);
  }
  return pending;
});

/**
 * What the client has and shall not have any more; where something takes its place, that. What a client refused and never had before stays as it is: it may
 * run on an older version that nobody here knows.
 */
export const removals = remembered((question): ReadonlyMap<string, Wanted | undefined> => {
  const { state, typeUrl, type, target } = question;
  const keep = wanted(question);
  const gone = new Map<string, Wanted | undefined>();
  for (const [name, { hash, isRefused }] of type.known) {
    const want = keep.get(name);
    const isGone = want === undefined || (want.isShell === true && want.entry.hash !== hash);
    const isLeft = isRefused === true && !state.settled.has(typeUrl) && target.content.get(typeUrl)?.has(name) === true;
    if (isGone && !isLeft) gone.set(name, want);
  }
  return gone;
});
