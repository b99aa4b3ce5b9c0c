import { setTimeout as wait } from 'node:timers/promises';
import { ControlPlaneError } from '../../../shared/lib/error.ts';

export interface PollOptions {
  /** What is waited for, for the message if it does not come. */
  readonly what: string;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal;
  /** @default 30 seconds, for a machine that runs other suites at the same time. */
  readonly timeoutMs?: number;
}

const pauseMs = 30;

/** Asks until there is an answer other than `undefined`. A check that throws has no answer yet. @throws after the time, with the last error. */
export async function poll<T>(check: () => Promise<T | undefined>, { what, signal, timeoutMs = 30_000 }: PollOptions): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < end) {
    signal?.throwIfAborted();
    try {
      const answer = await check();
      if (answer !== undefined) return answer;
    } catch (caught) {
      last = caught;
    }
    await wait(pauseMs);
  }
  throw new ControlPlaneError('timeout', `${what}: nothing after ${timeoutMs} ms`, { cause: last });
}
