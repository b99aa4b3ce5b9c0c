import type { Clock } from './clock.ts';

/** How much may be on its way to all streams together: what is more is not made yet, so that a push to all of them needs no memory for all of them. */
const maxUnsentBytes = 64 << 20;
/** A stream that takes nothing for so long holds up the others no longer. */
const patienceMs = 5_000;

/** A stream's place at the outbox. */
export interface Place {
  /**
   * Whether the stream may make responses now: nothing of its own is on its way, and not too much of all streams. If not it is called back when it may, in
   * the order in which streams asked.
   */
  ask(): boolean;
  /** Notes a response on its way; the result is to be called when it has left. */
  take(bytes: number): () => void;
  /** The stream is gone. */
  leave(): void;
}

/** Responses that were made and did not leave the process yet, of all streams. */
export class Outbox {
  readonly #clock: Clock;
  readonly #waiting = new Set<StreamPlace>();
  #unsentBytes = 0;
  #isCalling = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A place for a new stream. `resume` is called when a stream that was refused may go on; it has to ask again after that. */
  join(resume: () => void): Place {
    return new StreamPlace(this, resume);
  }

  hasRoom(): boolean {
    return this.#unsentBytes < maxUnsentBytes;
  }

  wait(place: StreamPlace): void {
    this.#waiting.add(place);
  }

  forget(place: StreamPlace): void {
    this.#waiting.delete(place);
  }

  /** Counts the bytes until the result is called, or patience ends. */
  count(bytes: number): () => void {
    let isCounted = true;
    const uncount = (): void => {
      if (!isCounted) return;
      isCounted = false;
      cancel();
      this.#unsentBytes -= bytes;
      this.callNext();
    };
    this.#unsentBytes += bytes;
    const cancel = this.#clock.after(patienceMs, uncount);
    return uncount;
  }

  /** Calls those that wait, as long as there is room. What they send may be gone at once, so this may be called while it runs. */
  callNext(): void {
    if (this.#isCalling) return;
    this.#isCalling = true;
    for (const place of this.#waiting) {
      if (!this.hasRoom()) break;
      if (!place.isEmpty) continue;
      this.#waiting.delete(place);
      place.resume();
    }
    this.#isCalling = false;
  }
}

class StreamPlace implements Place {
  readonly resume: () => void;
  readonly #outbox: Outbox;
  #responses = 0;

  constructor(outbox: Outbox, resume: () => void) {
    this.#outbox = outbox;
    this.resume = resume;
  }

  get isEmpty(): boolean {
    return this.#responses === 0;
  }

  ask(): boolean {
    if (this.isEmpty && this.#outbox.hasRoom()) return true;
    this.#outbox.wait(this);
    return false;
  }

  take(bytes: number): () => void {
    const uncount = this.#outbox.count(bytes);
    this.#responses += 1;
    return () => {
      this.#responses -= 1;
      uncount();
      this.#outbox.callNext();
    };
  }

  leave(): void {
    this.#outbox.forget(this);
  }
}
