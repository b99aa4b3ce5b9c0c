import { create } from '@bufbuild/protobuf';
import { type Duration, DurationSchema } from '@bufbuild/protobuf/wkt';
import { parseDuration } from '../lib/duration.ts';

const second = 1_000_000_000n;

/** A Duration of protobuf's or Go's text (`1.5s`, `1m30s`); undefined for a text that is none. */
export function durationOf(text: string): Duration | undefined {
  const nanoseconds = parseDuration(text);
  if (nanoseconds === undefined) return undefined;
  return create(DurationSchema, { seconds: nanoseconds / second, nanos: Number(nanoseconds % second) });
}

/** Whole seconds. */
export function seconds(count: number): Duration {
  return create(DurationSchema, { seconds: BigInt(count) });
}
