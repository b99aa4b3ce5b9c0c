import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replay } from './ads-replay.ts';
import { readTranscript } from './ads-transcript.ts';
import { recordings, withoutRecordings } from './recordings.ts';

const folder = join(recordings, 'ads');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];

/** Answered differently on purpose, or about something else than the stream. */
const leftOut: ReadonlyMap<string, string> = new Map([
  ['14-bad-first-requests', 'who may open a stream is decided before the reducer'],
  ['15-proxyless-grpc-delta', 'the reference forgets subscriptions here, which its notes call broken'],
]);

const compared = files.filter((file) => ![...leftOut.keys()].some((name) => file.startsWith(name)));

describe.skipIf(files.length === 0)(`discovery streams (${files.length === 0 ? withoutRecordings : 'recorded'})`, () => {
  it.each(compared)('%s is answered alike and ends in the same state', (file) => {
    expect(replay(readTranscript(join(folder, file)))).toBeUndefined();
  });
});
