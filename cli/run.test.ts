import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { run } from './run.ts';

let stdout = '';
let stderr = '';

beforeEach(() => {
  stdout = '';
  stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout += String(chunk);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    stderr += String(chunk);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('run', () => {
  it.each([['version'], ['--version'], ['-V'], ['version', '-o', 'short']])('shows the version for %j', async (...args) => {
    expect(await run(args)).toBe(0);
    expect(stdout).toBe(`${packageJson.version}\n`);
  });

  it('shows the version as istioctl does for machines', async () => {
    expect(await run(['version', '-o', 'json'])).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ clientVersion: { version: packageJson.version, revision: 'unknown', status: 'unknown' } });
  });

  it.each([[['--help']], [['serve', '--help']], [['help', 'serve']]])('helps with %j', async (args) => {
    expect(await run(args)).toBe(0);
    expect(stdout).toContain('Usage: pilotless');
  });

  it.each([[['serve', '--help']], [['help', 'serve']]])('lists the flags of a verb for %j', async (args) => {
    await run(args);

    expect(stdout).toContain('--webhook-port');
  });

  it('shows what there is and fails when nothing is asked for', async () => {
    expect(await run([])).toBe(2);
    expect(stderr).toContain('Usage: pilotless');
  });

  const wrong = [
    [['serv'], "pilotless: unknown command 'serv' (Did you mean serve?) (pilotless --help lists what there is)\n"],
    [['version', '--outpt'], "pilotless: unknown option '--outpt' (Did you mean --output?) (pilotless --help lists what there is)\n"],
    [
      ['version', '-o', 'xml'],
      "pilotless: option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are short, json. (pilotless --help lists what there is)\n",
    ],
  ] as const;
  it.each(wrong)('explains %j in one line with the nearest suggestion', async (args, line) => {
    expect(await run([...args])).toBe(2);
    expect(stderr).toBe(line);
  });

  it('tells expected trouble as its sentence, without a stack', async () => {
    expect(await run(['serve', '--from', '/no/such/folder', '--data-dir', '/no/such/folder'])).toBe(2);
    expect(stderr).toMatch(/^pilotless: \/no\/such\/folder does not exist; .*\n$/);
  });
});
