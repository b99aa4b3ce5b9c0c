import type { JsonObject } from '../../shared/lib/json.ts';
import type { Clock } from './clock.ts';
import { identityOf, type NodeIdentity, type Refusal, refusalOf } from './node.ts';
import type { Outbox, Place } from './outbox.ts';
import { decodeRequest } from './request.ts';
import { encodeResponse } from './response.ts';
import type { Target } from './stream/content.ts';
import { type Effect, type Nack, newStream, type Protocol, type SendEffect, type StreamState } from './stream/state.ts';
import { nextWakeMs, reduce, type StreamEvent } from './stream/stream.ts';

/** One side of a connection to a proxy, whatever carries it. */
export interface Transport {
  readonly protocol: Protocol;
  /** Remote address, for status pages. */
  readonly peer: string;
  /** `left` is called when the bytes are on the wire; never, if the stream ends before. */
  send(response: Buffer, left: () => void): void;
  close(refusal: Refusal): void;
}

/** What a session tells the gateway. */
export interface SessionListener {
  /** The node is known now: a target is wanted. */
  onNode(session: Session): void;
  onNack(session: Session, nack: Nack): void;
  onSend(session: Session, sent: SendEffect, bytes: number): void;
  onDebug(session: Session, request: DebugRequest): void;
}

/** What sessions of one gateway share. */
export interface Surroundings {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly listener: SessionListener;
}

/** A request for a type whose URL says that it is about us, not about resources. */
export interface DebugRequest {
  readonly typeUrl: string;
  readonly names: readonly string[];
}

const debugPrefix = 'istio.io/debug';
/** The agent reports its application's health over the same stream, also before the first request; nobody answers. */
const healthType = 'type.googleapis.com/istio.v1.HealthInformation';

/** One stream: joins the pure protocol with a transport and a clock. */
export class Session {
  readonly id: string;
  readonly connectedAtMs: number;
  readonly transport: Transport;
  node: JsonObject | undefined;
  identity: NodeIdentity | undefined;
  state: StreamState;
  /** Refusals of this stream, oldest first. */
  readonly nacks: Nack[] = [];
  readonly #clock: Clock;
  readonly #listener: SessionListener;
  readonly #number: number;
  readonly #place: Place;
  #cancelWake: () => void = () => undefined;
  #isClosed = false;

  constructor(number: number, transport: Transport, { clock, outbox, listener }: Surroundings) {
    this.id = String(number);
    this.#number = number;
    this.transport = transport;
    this.#clock = clock;
    this.#listener = listener;
    this.connectedAtMs = clock.nowMs();
    this.state = newStream(transport.protocol);
    this.#place = outbox.join(() => this.#handle({ kind: 'resume' }));
  }

  /** `POD.NAMESPACE-N`, once the node is known. */
  get connectionId(): string {
    return this.identity === undefined ? this.id : `${this.identity.proxy}-${this.#number}`;
  }

  receive(bytes: Uint8Array): void {
    const decoded = decodeRequest(this.transport.protocol, bytes);
    if (!decoded.ok) return this.refuse({ code: 'invalid-argument', message: decoded.error });
    const { request, node } = decoded.value;
    if (request.typeUrl === healthType) return;
    if (this.node === undefined && !this.#accept(node)) return;
    if (request.typeUrl.startsWith(debugPrefix)) {
      const names = request.protocol === 'sotw' ? request.names : request.subscribe;
      return this.#listener.onDebug(this, { typeUrl: request.typeUrl, names });
    }
    this.#handle({ kind: 'request', request });
    if (this.state.targetId === '') this.#listener.onNode(this);
  }

  setTarget(target: Target): void {
    this.#handle({ kind: 'target', target });
  }

  /** Ends the stream with a reason. */
  refuse(refusal: Refusal): void {
    this.end();
    this.transport.close(refusal);
  }

  /** The transport is gone. */
  end(): void {
    this.#isClosed = true;
    this.#cancelWake();
    this.#place.leave();
  }

  #accept(node: JsonObject | undefined): boolean {
    const refusal = refusalOf(node);
    if (refusal !== undefined || node === undefined) {
      this.refuse(refusal ?? { code: 'invalid-argument', message: 'missing node information' });
      return false;
    }
    this.node = node;
    this.identity = identityOf(node);
    return true;
  }

  #handle(event: StreamEvent): void {
    if (this.#isClosed) return;
    const nowMs = this.#clock.nowMs();
    const { state, effects } = reduce(this.#heldBack(event), event, nowMs);
    this.state = state;
    for (const effect of effects) this.#perform(effect);
    this.#cancelWake();
    const wakeMs = nextWakeMs(this.state, nowMs);
    if (wakeMs !== undefined && !this.#isClosed) this.#cancelWake = this.#clock.after(wakeMs - nowMs, () => this.#handle({ kind: 'tick' }));
  }

  /** The state that takes an event; one that may not send if too much is on its way already. */
  #heldBack({ kind }: StreamEvent): StreamState {
    if (kind === 'resume' || this.state.isHeld === true || this.#place.ask()) return this.state;
    return reduce(this.state, { kind: 'hold' }, this.#clock.nowMs()).state;
  }

  #perform(effect: Effect): void {
    if (effect.kind === 'close') return this.refuse(effect);
    if (effect.kind === 'nacked') {
      this.nacks.push(effect.nack);
      return this.#listener.onNack(this, effect.nack);
    }
    const response = encodeResponse(this.transport.protocol, effect);
    this.transport.send(response, this.#place.take(response.length));
    this.#listener.onSend(this, effect, response.length);
  }
}
