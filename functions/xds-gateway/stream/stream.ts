/** The protocol of one stream as a pure function: no socket, no clock, no timer. */

import { acknowledge, refuse } from './answer.ts';
import type { Target } from './content.ts';
import { forgetDropped, isStale, type Request, subscribe } from './request.ts';
import { type Effect, patienceMs, type StreamState } from './state.ts';
import { servedTypes } from './types.ts';
import { walk } from './walk.ts';

export type StreamEvent =
  | { readonly kind: 'request'; readonly request: Request }
  /** The class of the node has this content now. */
  | { readonly kind: 'target'; readonly target: Target }
  /** Time has passed. */
  | { readonly kind: 'tick' }
  /** Nothing more may be sent until it is resumed. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'resume' };

export interface Step {
  readonly state: StreamState;
  readonly effects: readonly Effect[];
}

/** What an event does to a stream. `nowMs` never goes back. */
export function reduce(state: StreamState, event: StreamEvent, nowMs: number): Step {
  switch (event.kind) {
    case 'request':
      return onRequest(state, event.request, nowMs);
    case 'target':
      return state.targetId === event.target.id
        ? { state, effects: [] }
        : walk({ ...state, goal: event.target, targetId: event.target.id }, nowMs);
    case 'tick':
      return walk(state, nowMs);
    case 'hold':
      return { state: { ...state, isHeld: true }, effects: [] };
    case 'resume':
      return walk(resumed(state), nowMs);
  }
}

function resumed({ isHeld: _, ...state }: StreamState): StreamState {
  return state;
}

/** When a tick is due; undefined if the stream waits for nothing. */
export function nextWakeMs(state: StreamState, nowMs: number): number | undefined {
  const starts = [...state.types.values()].flatMap(({ inFlight, waiting }) => [
    ...inFlight.map(({ sentAtMs }) => sentAtMs),
    ...waiting.values(),
  ]);
  const ends = starts.map((start) => start + patienceMs).filter((end) => end > nowMs);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function onRequest(state: StreamState, request: Request, nowMs: number): Step {
  const { typeUrl, nonce, error } = request;
  const isServed = servedTypes.includes(typeUrl) || state.goal?.content.has(typeUrl) === true;
  if (!isServed)
    return { state, effects: [{ kind: 'close', code: 'permission-denied', message: `resources of type ${typeUrl} are not served` }] };
  const type = state.types.get(typeUrl);
  if (isStale(type, request)) return { state: type === undefined ? state : forgetDropped(state, request, type), effects: [] };
  if (error !== undefined) {
    const { state: refused, nack } = refuse(state, { typeUrl, nonce, message: error, nowMs });
    const { state: next, effects } = walk(subscribe(refused, request), nowMs);
    return { state: next, effects: nack === undefined ? effects : [{ kind: 'nacked', nack }, ...effects] };
  }
  const answered = type !== undefined && nonce !== '' ? acknowledge(state, typeUrl, nonce) : state;
  return walk(subscribe(answered, request), nowMs);
}
