/**
 * What is sent, and when. Nothing is planned: after every event the difference between what the client has and what it shall have is taken anew, so that a
 * newer target takes the place of an older one at any point. Additions go in steps: clusters and then their assignments, listeners, the rest. Listeners and
 * the rest begin when what is before them is acknowledged, or after 5 seconds. Assignments follow their clusters at once: Envoy acknowledges clusters when
 * they are warm, and they are warm when their assignments came. Removals come when all steps are done, one type after the other.
 */

import { assignmentsOf, type Entries, type Entry, type Target } from './content.ts';
import { type Message, type Sent, send } from './send.ts';
import { owesNothing, patienceMs, type Question, type StreamState, type TypeState, withType } from './state.ts';
import { addStep, assignmentStep, byRemoval, isNamedType, lastAddStep, secretType } from './types.ts';
import { acceptable, additions, awaitsAssignment, coversAll, removals, wanted, withKept } from './view.ts';

const nothing: Entries = new Map();

/** Sends all that may be sent now. */
export function walk(start: StreamState, nowMs: number): Sent {
  const { goal } = start;
  if (goal === undefined || start.isHeld === true) return { state: start, effects: [] };
  const added = addAll(start, goal, nowMs);
  if (!added.isDone) return added.sent;
  const removed = removeAll(settle(added.sent.state, goal), goal, nowMs);
  return { state: removed.state, effects: [...added.sent.effects, ...removed.effects] };
}

function addAll(start: StreamState, goal: Target, nowMs: number): { readonly sent: Sent; readonly isDone: boolean } {
  let sent: Sent = { state: start, effects: [] };
  let isOpen = true;
  for (let step = 0; step <= lastAddStep; step += 1) {
    const typeUrls = [...start.types.keys()].filter((typeUrl) => addStep(typeUrl) === step).sort();
    const isTurn = isOpen || step === assignmentStep;
    for (const typeUrl of typeUrls) sent = then(sent, (state) => addType(state, typeUrl, { goal, isOpen: isTurn, nowMs }));
    isOpen &&= typeUrls.every((typeUrl) => isDone(sent.state, typeUrl, goal, nowMs));
  }
  return { sent, isDone: isOpen };
}

interface Moment {
  readonly goal: Target;
  /** It is the type's turn. */
  readonly isOpen: boolean;
  readonly nowMs: number;
}

/** Answers what was asked, and adds what is new if it is the type's turn. */
function addType(state: StreamState, typeUrl: string, { goal, isOpen, nowMs }: Moment): Sent {
  const type = state.types.get(typeUrl);
  if (type === undefined) return { state, effects: [] };
  const target = isOpen ? goal : (state.base ?? goal);
  const question: Question = { state, typeUrl, type, target, nowMs };
  const mayAdd = isOpen && !isAwaited(type, nowMs);
  const added = mayAdd ? additions(question) : nothing;
  if (type.owed.kind === 'nothing' && added.size === 0) return { state, effects: [] };
  const { answer, deferred } = answers(question, goal);
  const next = withType(state, typeUrl, deferred);
  const resources = joined(answer, added);
  const isSilent = resources.size === 0 && (deferred.owed.kind !== 'nothing' || type.owed.kind === 'nothing' || typeUrl === secretType);
  return isSilent ? { state: next, effects: [] } : send(next, messageOf({ ...question, state: next, type: deferred }, resources));
}

/** One of the two where that says it all: many streams then send one value. */
function joined(answer: Entries, added: Entries): Entries {
  if (answer === added || added.size === 0) return answer;
  return answer.size === 0 ? added : new Map([...answer, ...added]);
}

interface Answers {
  readonly answer: Entries;
  /** The type with what stays to be answered. */
  readonly deferred: TypeState;
}

/** What is owed and can be given now. What is new in the goal waits for its type's turn, and an assignment that is on its way for that. */
function answers(question: Question, goal: Target): Answers {
  const { type, target, nowMs } = question;
  const have = wanted(question);
  const later = target === goal ? have : wanted({ ...question, target: goal });
  if (later === have && owesEverything(question, have)) return { answer: have, deferred: { ...type, owed: owesNothing } };
  const answer = new Map<string, Entry>();
  const left = new Set<string>();
  const waiting = new Map(type.waiting);
  for (const name of owedNames(question, later)) {
    const choice = answerTo(question, name, { now: have.get(name), later: later.get(name) });
    if (choice === 'awaited' && !waiting.has(name)) waiting.set(name, nowMs);
    if (choice === 'awaited' || choice === 'later') left.add(name);
    else if (choice !== undefined) answer.set(name, choice);
  }
  if (left.size === 0) return { answer, deferred: { ...type, owed: owesNothing, waiting } };
  if (isWhole(question)) return { answer: nothing, deferred: type };
  return { answer, deferred: { ...type, owed: { kind: 'names', names: left }, waiting } };
}

/** Whether all that the client shall have is what is owed: with a new stream of a client without a past, for one. */
function owesEverything(question: Question, have: Entries): boolean {
  const { owed, known, names } = question.type;
  const isAll = coversAll(question) || have.size === names.size;
  return owed.kind === 'all' && isAll && (question.state.protocol === 'sotw' || known.size === 0);
}

interface Choice {
  readonly now: Entry | undefined;
  /** When it is the type's turn. */
  readonly later: Entry | undefined;
}

function answerTo(question: Question, name: string, { now, later }: Choice): Entry | 'later' | 'awaited' | undefined {
  if (later !== undefined && later.hash === now?.hash) return later;
  if (later !== undefined && later.isShell === undefined) return 'later';
  if (now !== undefined) return now;
  return awaitsAssignment(question, name) && question.type.known.get(name)?.isRefused !== true ? 'awaited' : undefined;
}

/** SotW has no way to say what changed in clusters and listeners: a message has all of them. */
function isWhole({ state, typeUrl }: Question): boolean {
  return state.protocol === 'sotw' && !isNamedType(typeUrl);
}

/** In delta a client that named its versions gets what differs; assignments all the same, since it may be warming the clusters they are for. */
function owedNames(question: Question, have: Entries): Iterable<string> {
  const { owed, known, names } = question.type;
  if (owed.kind === 'nothing') return [];
  if (owed.kind === 'names') return owed.names;
  const all = coversAll(question) ? [...have.keys()] : [...names];
  if (question.state.protocol === 'sotw' || addStep(question.typeUrl) === assignmentStep) return all;
  return all.filter((name) => known.get(name)?.hash !== have.get(name)?.hash || !known.has(name));
}

/** In a whole message what is to be removed later still has its place. */
function messageOf(question: Question, resources: Entries): Message {
  const { typeUrl, nowMs } = question;
  if (!isWhole(question)) return { typeUrl, resources, removed: [], isWhole: false, nowMs };
  return { typeUrl, resources: withKept(question, wanted(question)), removed: [], isWhole: true, nowMs };
}

/** Everything is sent and taken: from here a refusal leads back to this target. */
function settle(state: StreamState, goal: Target): StreamState {
  const types = [...state.types];
  if (types.some(([, { inFlight }]) => inFlight.length > 0)) return state;
  const taken = types.filter(([typeUrl, { nack }]) => nack === undefined || state.settled.has(typeUrl)).map(([typeUrl]) => typeUrl);
  const isKnown = taken.every((typeUrl) => state.settled.has(typeUrl));
  const settled = isKnown ? state.settled : new Set([...state.settled, ...taken]);
  if (state.base === goal || state.rejected.size === 0) return { ...state, base: goal, settled };
  const content = new Map([...goal.content.keys()].map((typeUrl) => [typeUrl, acceptable(state, goal, typeUrl)]));
  const base = { ...goal, content, assignments: assignmentsOf(content) };
  return { ...state, base, goal: base, settled };
}

function removeAll(start: StreamState, goal: Target, nowMs: number): Sent {
  let sent: Sent = { state: start, effects: [] };
  for (const typeUrl of byRemoval([...start.types.keys()])) {
    sent = then(sent, (state) => removeType(state, typeUrl, state.goal ?? goal, nowMs));
    const type = sent.state.types.get(typeUrl);
    if (type !== undefined && isAwaited(type, nowMs)) break;
  }
  return sent;
}

function removeType(state: StreamState, typeUrl: string, target: Target, nowMs: number): Sent {
  const type = state.types.get(typeUrl);
  if (type === undefined) return { state, effects: [] };
  const question: Question = { state, typeUrl, type, target, nowMs };
  const gone = removals(question);
  if (gone.size === 0) return { state, effects: [] };
  if (isWhole(question)) {
    return send(state, { typeUrl, resources: wanted(question), removed: [], isWhole: true, nowMs });
  }
  const replaced = new Map([...gone].flatMap(([name, want]) => (want === undefined ? [] : [[name, want] as const])));
  const removed = [...gone.keys()].filter((name) => !replaced.has(name));
  if (state.protocol === 'delta') return send(state, { typeUrl, resources: replaced, removed, isWhole: false, nowMs });
  const known = new Map([...type.known].filter(([name]) => !removed.includes(name)));
  const next = withType(state, typeUrl, { ...type, known });
  return replaced.size === 0
    ? { state: next, effects: [] }
    : send(next, { typeUrl, resources: replaced, removed: [], isWhole: false, nowMs });
}

function isDone(state: StreamState, typeUrl: string, target: Target, nowMs: number): boolean {
  const type = state.types.get(typeUrl);
  return type === undefined || (!isAwaited(type, nowMs) && additions({ state, typeUrl, type, target, nowMs }).size === 0);
}

/** Whether the last response may still be answered in time. */
function isAwaited({ inFlight }: TypeState, nowMs: number): boolean {
  return inFlight.some(({ sentAtMs }) => nowMs - sentAtMs < patienceMs);
}

function then(sent: Sent, next: (state: StreamState) => Sent): Sent {
  const { state, effects } = next(sent.state);
  return { state, effects: effects.length === 0 ? sent.effects : [...sent.effects, ...effects] };
}
