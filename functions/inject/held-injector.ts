import type { Injector } from '../../shared/inject/index.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Logger } from '../../shared/observe/log.ts';

/** What a store says of one revision's configuration. */
export type ConfigAnswer =
  | { readonly kind: 'unchanged' }
  /** Nobody stored anything under this name. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'found'; readonly version: string; readonly injector: Injector }
  /** There, but not usable: what was held stays. */
  | { readonly kind: 'broken'; readonly version: string; readonly message: string };

export interface ConfigSource {
  /** Reads only if the version differs from the known one. Gives up when the signal says so. */
  read(revision: string, knownVersion: string | undefined, signal: AbortSignal): Promise<ConfigAnswer>;
}

export interface HeldInjectorOptions {
  readonly source: ConfigSource;
  /** For revisions of which the store has nothing, and while it cannot be reached. */
  readonly builtIn: Injector;
  /** Revision of requests that name none, or one that nobody stored. */
  readonly revision: string;
  readonly log: Logger;
  readonly nowMs: () => number;
  /** A signal that aborts after so many milliseconds. */
  readonly timeout: (afterMs: number) => AbortSignal;
}

/** How old a held configuration may be before a request looks for a newer one. */
const maxAgeMs = 10_000;
/** How long a request waits for that. */
const refreshMs = 50;
/** How long the first request waits, which has nothing else; API servers wait at least 5 s for a webhook. */
const firstReadMs = 2_000;
/** A caller can name any revision; only so many are held. */
const maxRevisions = 16;

interface Held {
  readonly injector: Injector | undefined;
  readonly version: string | undefined;
  readonly readAtMs: number;
}

/**
 * Keeps the injector of each revision in memory and looks for a newer configuration inside a request, because a function is frozen between
 * requests: no timer would fire, and no promise may outlive the answer. A store that is slow, away or broken changes nothing: what is held is
 * used, and the next request looks again.
 */
export function heldInjector(options: HeldInjectorOptions): (revision?: string) => Promise<Injector> {
  const held = new Map<string, Held>();
  const reading = new Set<string>();

  async function current(revision: string): Promise<Injector | undefined> {
    const known = held.get(revision);
    const isFresh = known !== undefined && options.nowMs() - known.readAtMs < maxAgeMs;
    // Whoever comes while somebody reads takes what is held; with nothing held it reads as well.
    if (isFresh || (known && reading.has(revision))) return known.injector;
    reading.add(revision);
    try {
      const next = await refreshed(revision, known, options);
      if (next) remember(held, revision, next);
      return (next ?? known)?.injector;
    } finally {
      reading.delete(revision);
    }
  }

  return async (revision) => {
    const wanted = revision === undefined || revision === options.revision ? undefined : await current(revision);
    return wanted ?? (await current(options.revision)) ?? options.builtIn;
  };
}

function remember(held: Map<string, Held>, revision: string, next: Held): void {
  held.delete(revision);
  held.set(revision, next);
  const [oldest] = held.keys();
  if (held.size > maxRevisions && oldest !== undefined) held.delete(oldest);
}

/** What to hold from now on; undefined if the store did not answer in time. */
async function refreshed(revision: string, known: Held | undefined, options: HeldInjectorOptions): Promise<Held | undefined> {
  const { source, log, nowMs, timeout } = options;
  const signal = timeout(known ? refreshMs : firstReadMs);
  try {
    const answer = await beforeAbort(source.read(revision, known?.version, signal), signal);
    if (answer.kind === 'broken') log.error('stored injection configuration cannot be used', { revision, message: answer.message });
    if (answer.kind === 'found') log.info('injection configuration read', { revision, version: answer.version });
    return { ...heldAfter(answer, known), readAtMs: nowMs() };
  } catch (caught) {
    log.warn('injection configuration could not be read', { revision, held: known !== undefined, error: ControlPlaneError.from(caught) });
    return undefined;
  }
}

function heldAfter(answer: ConfigAnswer, known: Held | undefined): Omit<Held, 'readAtMs'> {
  switch (answer.kind) {
    case 'found':
      return { injector: answer.injector, version: answer.version };
    case 'broken':
      // Its version is remembered, so that it is complained about once.
      return { injector: known?.injector, version: answer.version };
    case 'unchanged':
    case 'absent':
      // Somebody who deletes the object by mistake does not take the mesh's settings away from a running function.
      return { injector: known?.injector, version: known?.version };
  }
}

/** A source that does not listen to its signal must not hold the answer back either. */
function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new ControlPlaneError('timeout', 'the store did not answer in time', { retryable: true }));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject);
  });
}
