import type { Entries, Entry, Target } from './content.ts';
import { remembered } from './memo.ts';
import { holdsAll } from './send.ts';
import { shell } from './shell.ts';
import { isEntry, patienceMs, type Question, rejectionKey, type StreamState } from './state.ts';
import { endpointType, isNamedType } from './types.ts';

const none: Entries = new Map();

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
export const wanted = remembered((question): Entries => {
  const entries = acceptable(question.state, question.target, question.typeUrl);
  if (coversAll(question)) return entries;
  const { found, missing } = named(entries, question.type.names);
  const substitutes = missing.flatMap((name): readonly (readonly [string, Entry])[] => {
    const entry = substitute(question, name);
    return entry === undefined ? [] : [[name, entry]];
  });
  return substitutes.length === 0 ? found : new Map([...found, ...substitutes]);
});

interface Named {
  readonly found: Entries;
  readonly missing: readonly string[];
}

const selections = new WeakMap<Entries, WeakMap<ReadonlySet<string>, Named>>();

/** One value for all streams that name the same; the entries themselves if that is all of them. */
function named(entries: Entries, names: ReadonlySet<string>): Named {
  const ofEntries = selections.get(entries) ?? new WeakMap<ReadonlySet<string>, Named>();
  selections.set(entries, ofEntries);
  const known = ofEntries.get(names) ?? select(entries, names);
  ofEntries.set(names, known);
  return known;
}

function select(entries: Entries, names: ReadonlySet<string>): Named {
  const found = new Map<string, Entry>();
  const missing: string[] = [];
  for (const name of names) {
    const entry = entries.get(name);
    if (entry === undefined) missing.push(name);
    else found.set(name, entry);
  }
  return { found: found.size === entries.size ? entries : found, missing };
}

/** What a name without a resource gets. An assignment that a cluster waits for is kept if there was one, and may still come if not. */
function substitute(question: Question, name: string): Entry | undefined {
  const { typeUrl, type, nowMs } = question;
  const known = type.known.get(name);
  if (awaitsAssignment(question, name)) {
    if (isEntry(known)) return known.isShell === undefined ? known : { hash: known.hash, bytes: known.bytes };
    const since = type.waiting.get(name);
    if (since === undefined || nowMs - since < patienceMs) return undefined;
  }
  return known?.isRefused === true ? undefined : shell(typeUrl, name);
}

/** Whether a cluster of the target waits for an assignment that the target does not have. */
export function awaitsAssignment({ typeUrl, target }: Question, name: string): boolean {
  return typeUrl === endpointType && target.assignments.has(name) && !target.content.get(typeUrl)?.has(name);
}

/** New and changed resources, and assignments whose clusters changed. That a resource gives way to a shell is a removal. */
export const additions = remembered((question): Entries => {
  const { known, due } = question.type;
  const want = wanted(question);
  if (known.size === 0) return want;
  if (known === want && due.size === 0) return none;
  const pending = new Map<string, Entry>();
  for (const [name, entry] of want) {
    const had = known.get(name);
    const isChanged = had?.hash !== entry.hash && (entry.isShell === undefined || had === undefined);
    if (isChanged || due.has(name)) pending.set(name, entry);
  }
  return pending.size === want.size ? want : pending;
});

/**
 * What the client has and shall not have any more; where something takes its place, that. What a client refused and never had before stays as it is: it may
 * run on an older version that nobody here knows.
 */
export const removals = remembered((question): ReadonlyMap<string, Entry | undefined> => {
  const { state, typeUrl, type, target } = question;
  const keep = wanted(question);
  if (type.known === keep) return none;
  const gone = new Map<string, Entry | undefined>();
  for (const [name, { hash, isRefused }] of type.known) {
    const want = keep.get(name);
    const isGone = want === undefined || (want.isShell === true && want.hash !== hash);
    const isLeft = isRefused === true && !state.settled.has(typeUrl) && target.content.get(typeUrl)?.has(name) === true;
    if (isGone && !isLeft) gone.set(name, want);
  }
  return gone;
});

/** Everything that a client shall have, and what it has besides that is not refused: of the types of which a message has all. */
export function withKept(question: Question, want: Entries): Entries {
  const { known, names } = question.type;
  if (holdsAll(want, known)) return want;
  const isNamed = coversAll(question) ? () => true : (name: string) => names.has(name);
  const kept = [...known].flatMap(([name, had]): readonly (readonly [string, Entry])[] =>
    isEntry(had) && isNamed(name) ? [[name, had]] : [],
  );
  return new Map([...kept, ...want]);
}
