import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { recordings, withoutRecordings } from './recordings.ts';
import { type Score, score } from './suite.ts';
import { suites } from './suites.ts';

/** `npm run conformance -- SUITE… [--dir D] [--json FILE]`: how close we are to the recorded programs. Exit code 1 if a row differs, 2 on wrong use. */

const usage = `usage: npm run conformance -- [SUITE…] [--dir FOLDER] [--json FILE] [--limit N]; suites: ${suites.map(({ name }) => name).join(', ')}`;

async function main(args: readonly string[]): Promise<number> {
  const read = readArguments(args);
  if (typeof read === 'string') {
    console.error(`${read}\n${usage}`);
    return 2;
  }
  const { values, positionals } = read;
  const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0 || (values.dir !== undefined && positionals.length !== 1)) {
    console.error(unknown.length > 0 ? `unknown suite ${unknown.join(', ')}\n${usage}` : `--dir needs exactly one suite\n${usage}`);
    return 2;
  }
  const chosen = suites.filter((suite) => positionals.length === 0 || positionals.includes(suite.name));
  const scores: Score[] = [];
  for (const suite of chosen) {
    const folder = values.dir ?? join(recordings, suite.folder);
    if (!existsSync(folder)) {
      if (values.dir !== undefined) {
        console.error(`${folder} does not exist; give a folder of recordings with --dir`);
        return 2;
      }
      console.log(`${suite.name}: ${withoutRecordings}`);
      continue;
    }
    const result = await score(suite.name, suite.rows(folder));
    print(result, Number(values.limit));
    scores.push(result);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(scores, null, 2)}\n`);
  return scores.some(({ matched, total }) => matched < total) ? 1 : 0;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { dir: { type: 'string' }, json: { type: 'string' }, limit: { type: 'string', default: '15' } },
    });
  } catch (error) {
    return (error as Error).message;
  }
}

function print({ suite, matched, total, tags, different }: Score, limit: number): void {
  for (const { id, difference } of different.slice(0, limit)) console.log(`differs: ${id}\n  ${difference.split('\n').join('\n  ')}`);
  if (different.length > limit) console.log(`… and ${different.length - limit} more (--limit N shows more)`);
  for (const tag of Object.keys(tags).sort()) console.log(`  ${tag}: ${tags[tag]?.matched}/${tags[tag]?.total}`);
  console.log(`${suite}: ${matched}/${total}`);
}

process.exitCode = await main(process.argv.slice(2));
