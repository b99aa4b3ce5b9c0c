import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import { watchFiles } from '../../shared/sources/files/watch.ts';

/** A value that follows the files it was read from. */
export interface Live<T> {
  readonly current: () => T;
  close(): void;
}

export interface Loaded<T> {
  /** Nothing where the problems leave no usable value. */
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

export interface LiveSource<T> {
  /** What the files hold, for messages: `mesh files`. */
  readonly what: string;
  readonly paths: readonly string[];
  /** Reads the files; gets the last good value, to keep parts of it. May throw a ControlPlaneError. */
  readonly load: (last: T | undefined) => Promise<Loaded<T>>;
  /** After every change that was taken over, wholly or in part. */
  readonly onChange?: () => void;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/**
 * Reads a value and follows its files. At the start anything wrong is an error that names file and cause; later it is reported and the last good
 * state stays.
 */
export async function follow<T>({ what, paths, load, onChange, log, metrics }: LiveSource<T>): Promise<Live<T>> {
  let current = atStart(await load(undefined));
  const reload = async (): Promise<void> => {
    const { value, problems } = await load(current).catch(asProblem);
    const errors = problems.filter(({ severity }) => severity === 'error');
    for (const problem of problems) report(log, problem);
    current = value ?? current;
    metrics.count('pilotless_config_reloads_total', { what, result: errors.length === 0 ? 'taken' : 'refused' });
    if (errors.length === 0) log.info('changed files are taken over', { what });
    else log.error('changed files are broken: the last good state stays', { what, problems: errors.length });
    if (value !== undefined) onChange?.();
  };
  const watch = paths.length === 0 ? undefined : await watchFiles({ paths, onChange: reload });
  return { current: () => current, close: () => watch?.close() };
}

/** How many problems a failed start prints: the first ones are what the user mends first. */
const shownProblems = 5;

function atStart<T>({ value, problems }: Loaded<T>): T {
  const errors = problems.filter(({ severity }) => severity === 'error').map(problemText);
  if (value !== undefined && errors.length === 0) return value;
  const more = errors.length > shownProblems ? [`and ${errors.length - shownProblems} more`] : [];
  throw new ControlPlaneError('unreadable', [...errors.slice(0, shownProblems), ...more].join('\n'));
}

function asProblem(caught: unknown): Loaded<never> {
  const { message } = ControlPlaneError.from(caught);
  return { value: undefined, problems: [{ code: 'unreadable-file', severity: 'error', object: '', path: '', message }] };
}

/** Tells a problem by its severity. */
export function report(log: Logger, problem: Problem): void {
  if (problem.severity === 'error') log.error(problemText(problem));
  else log.warn(problemText(problem));
}

/** `mesh/shop.yaml:12: what is wrong`. */
export function problemText({ object, path, message }: Problem): string {
  return [[object, path].filter((part) => part !== '').join(' '), message].filter((part) => part !== '').join(': ');
}
