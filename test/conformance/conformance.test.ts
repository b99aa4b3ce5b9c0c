import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasRecordings, recordings, withoutRecordings } from './recordings.ts';
import { type Score, score } from './suite.ts';
import { suites } from './suites.ts';

/** Rows that must match, by suite and tag. A floor only rises. */
const floors: Readonly<Record<string, Readonly<Record<string, number>>>> = JSON.parse(
  readFileSync(new URL('./floors.json', import.meta.url), 'utf8'),
);

const here = suites.filter(({ folder }) => hasRecordings(join(recordings, folder)));
if (here.length < suites.length) console.log(withoutRecordings);

describe.each(here)('conformance with the recordings of $name', (suite) => {
  it('matches at least as many rows as its floors say', { timeout: 300_000 }, async () => {
    const result = await score(suite.name, suite.rows(join(recordings, suite.folder)));

    expect(shortfalls(result, floors[suite.name] ?? {})).toEqual([]);
  });
});

describe('floors', () => {
  it('exist for every suite', () => {
    expect(Object.keys(floors).sort()).toEqual(suites.map(({ name }) => name).sort());
  });
});

function shortfalls({ matched, tags, different }: Score, floor: Readonly<Record<string, number>>): readonly string[] {
  const counted: Readonly<Record<string, number>> = {
    all: matched,
    ...Object.fromEntries(Object.entries(tags).map(([tag, count]) => [tag, count.matched])),
  };
  const short = Object.entries(floor).filter(([tag, least]) => (counted[tag] ?? 0) < least);
  if (short.length === 0) return [];
  return [
    ...short.map(([tag, least]) => `${tag}: ${counted[tag] ?? 0} of ${least}`),
    ...different.slice(0, 10).map(({ id, difference }) => `${id}: ${difference}`),
  ];
}
