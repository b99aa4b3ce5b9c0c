import { parseDuration } from './duration.ts';

const millisecond = 1_000_000n;

/** What keeps a length of time from being one that Envoy can be told; undefined for a good one and for none. */
export function durationProblem(text: string | undefined): string | undefined {
  const nanoseconds = text === undefined ? undefined : parseDuration(text);
  if (nanoseconds === undefined) return undefined;
  if (nanoseconds < millisecond) return 'duration must be greater than 1ms';
  return nanoseconds % millisecond === 0n ? undefined : 'only durations to ms precision are supported';
}
