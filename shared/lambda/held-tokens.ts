import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ControlPlaneError } from '../lib/error.ts';
import type { Logger } from '../observe/log.ts';

/** The tokens that are valid now: the current one, and the one before it, so that a rotation refuses nobody. */
export type ReadTokens = (signal: AbortSignal) => Promise<readonly string[]>;

export interface HeldTokensOptions {
  readonly read: ReadTokens;
  readonly log: Logger;
  readonly nowMs: () => number;
}

export interface HeldTokens {
  /** `not-ready` as long as no tokens could be read. */
  check(token: string, signal: AbortSignal): Promise<'valid' | 'unknown' | 'not-ready'>;
}

/** How old held tokens may be before a request looks for newer ones. */
const maxAgeMs = 60_000;
/** How long a request with a known token waits for that. */
const refreshMs = 300;
/** How long one waits that cannot be answered without. */
const neededMs = 2_000;
/** A token that nobody knows may be a new one, so it is looked for at once; but not more often than this, whoever guesses. */
const pauseMs = 100;

/**
 * Holds digests, never the tokens. They are read again inside a request, because a function is frozen between requests: nothing goes on after the answer. A source
 * that is away after the first time changes nothing.
 */
export function heldTokens({ read, log, nowMs }: HeldTokensOptions): HeldTokens {
  let held: readonly Buffer[] | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;

  async function refresh(withinMs: number, signal: AbortSignal): Promise<void> {
    triedAtMs = nowMs();
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
      const tokens = (await abortable(read(limit), limit)).filter((token) => token !== '');
      if (tokens.length === 0) throw new ControlPlaneError('unreadable', 'the secret holds no token');
      held = tokens.map(digest);
    } catch (caught) {
      log.warn('the tokens of this function could not be read', { held: held !== undefined, error: ControlPlaneError.from(caught) });
    }
  }

  return {
    check: async (token, signal) => {
      const known = held !== undefined && isAmong(held, token);
      if (known && nowMs() - triedAtMs < maxAgeMs) return 'valid';
      if (!known && held !== undefined) await wait(Math.max(triedAtMs + pauseMs - nowMs(), 0), undefined, { signal });
      await refresh(known ? refreshMs : neededMs, signal);
      if (held === undefined) return 'not-ready';
      return isAmong(held, token) ? 'valid' : 'unknown';
    },
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Compares with all of them, equally long whichever it is. */
function isAmong(digests: readonly Buffer[], token: string): boolean {
  const own = digest(token);
  return digests.map((other) => timingSafeEqual(own, other)).includes(true);
}

/** A source that does not listen to its signal must not hold the answer back. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const giveUp = (): void => reject(new ControlPlaneError('timeout', 'there was no answer in time', { retryable: true }));
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  work.then(resolve, reject);
  return promise;
}
