import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import { type Logger, silentLogger } from '../../shared/observe/log.ts';
import { prometheusMetrics } from '../../shared/observe/prometheus.ts';
import { follow, type Live, type Loaded } from './live.ts';

let directory = '';
let path = '';
let live: Live<string> | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pilotless-live-'));
  path = join(directory, 'value.yaml');
});

afterEach(async () => {
  live?.close();
  live = undefined;
  await rm(directory, { recursive: true });
});

const problem = (message: string, severity: Problem['severity'] = 'error'): Problem => ({
  code: 'x',
  severity,
  object: path,
  path: '',
  message,
});

/** `broken…` is an error, `odd…` a warning, `away` trouble from outside. */
async function load(): Promise<Loaded<string>> {
  const value = await readFile(path, 'utf8');
  if (value === 'away') throw new ControlPlaneError('unavailable', 'disk is away');
  if (value.startsWith('broken')) return { value: undefined, problems: value.split(' ').map((word) => problem(word)) };
  return { value, problems: value.startsWith('odd') ? [problem('looks odd', 'warning')] : [] };
}

async function start(text: string, log: Logger = silentLogger) {
  await writeFile(path, text);
  const prometheus = prometheusMetrics({ component: 'pilot', tag: 'test' });
  live = await follow({ what: 'test files', paths: [path], load, log, metrics: prometheus.metrics });
  return { live, prometheus };
}

/** A logger that settles once a message was logged. */
function waiting(wanted: string): { readonly log: Logger; readonly logged: Promise<void>; readonly lines: readonly string[] } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const lines: string[] = [];
  const take = (message: string) => {
    lines.push(message);
    if (message.includes(wanted)) resolve();
  };
  return { log: { debug: take, info: take, warn: take, error: take }, logged: promise, lines };
}

describe('follow', () => {
  it('reads the value at the start', async () => {
    expect((await start('one')).live.current()).toBe('one');
  });

  it('starts with warnings', async () => {
    expect((await start('odd')).live.current()).toBe('odd');
  });

  it('does not start with an error and tells place and cause', async () => {
    await expect(start('broken')).rejects.toThrow(`${path}: broken`);
  });

  it('tells the first five of many errors', async () => {
    await expect(start('broken b c d e f g')).rejects.toThrow(/broken\n.*: b\n.*: c\n.*: d\n.*: e\nand 2 more$/);
  });

  it('takes over a change', async () => {
    const { log, logged } = waiting('changed files are taken over');
    const started = await start('one', log);

    await writeFile(path, 'two');
    await logged;

    expect(started.live.current()).toBe('two');
    expect((await started.prometheus.scrape()).body).toContain('pilotless_config_reloads_total{what="test files",result="taken"} 1');
  });

  it.each([
    ['is wrong', 'broken', 'broken'],
    ['cannot be read', 'away', 'disk is away'],
  ])('keeps the last good value when the new one %s', async (_name, text, cause) => {
    const { log, logged, lines } = waiting('the last good state stays');
    const started = await start('one', log);

    await writeFile(path, text);
    await logged;

    expect(started.live.current()).toBe('one');
    expect(lines.join('\n')).toContain(cause);
    expect((await started.prometheus.scrape()).body).toContain('pilotless_config_reloads_total{what="test files",result="refused"} 1');
  });

  it('takes over a right file after a broken one', async () => {
    const broken = waiting('the last good state stays');
    const right = waiting('changed files are taken over');
    const log: Logger = { ...right.log, error: broken.log.error };
    const started = await start('one', log);
    await writeFile(path, 'broken');
    await broken.logged;

    await writeFile(path, 'three');
    await right.logged;

    expect(started.live.current()).toBe('three');
  });
});
