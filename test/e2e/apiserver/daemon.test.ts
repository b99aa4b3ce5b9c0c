import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDaemon } from './daemon.ts';
import { poll } from './poll.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pilotless-daemon-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const start = (command: string, args: readonly string[]) => startDaemon({ command, args, logPath: join(directory, 'log'), directory });
const never = () => Promise.resolve(undefined);

describe('startDaemon', () => {
  it('ends the wait for a program that is over, with what the program said', async () => {
    const daemon = start('sh', ['-c', 'echo no such flag >&2; exit 3']);

    await expect(poll(never, { what: 'sh', signal: daemon.over })).rejects.toThrow(/sh is over.*3.*\nno such flag/s);
  });

  it('ends the wait for a program that is not there', async () => {
    const daemon = start(join(directory, 'missing'), []);

    await expect(poll(never, { what: 'missing', signal: daemon.over })).rejects.toThrow(/missing is over.*(No such file|ENOENT)/s);
  });

  it('ends a program that would not end by itself', async () => {
    const daemon = start('sh', ['-c', 'trap "" TERM; read forever < /dev/zero']);

    await daemon.stop();

    expect(String(daemon.over.reason)).toContain('SIGKILL');
  });
});

describe('poll', () => {
  it('takes an error for no answer yet, and shows the last one if the time is over', async () => {
    let asked = 0;
    const third = async () => {
      asked += 1;
      if (asked < 3) throw new Error('not yet');
      return asked;
    };

    expect(await poll(third, { what: 'the third' })).toBe(3);
    const late = poll(() => Promise.reject(new Error('refused')), { what: 'nobody', timeoutMs: 50 });
    await expect(late).rejects.toMatchObject({ message: 'nobody: nothing after 50 ms', cause: { message: 'refused' } });
  });
});
