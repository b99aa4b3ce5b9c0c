import { describe, expect, it } from 'vitest';
import { silentLogger } from '../observe/log.ts';
import { heldTokens, type ReadTokens } from './held-tokens.ts';

const never = new AbortController().signal;

function held(read: ReadTokens) {
  let [nowMs, reads] = [0, 0];
  const tokens = heldTokens({
    log: silentLogger,
    nowMs: () => nowMs,
    read: (signal) => {
      reads += 1;
      return read(signal);
    },
  });
  return {
    check: (token: string) => tokens.check(token, never),
    reads: () => reads,
    later: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('heldTokens', () => {
  it('knows the current token and the one before it, and no other', async () => {
    const { check, later } = held(async () => ['current', 'previous']);

    const verdicts = [];
    for (const token of ['current', 'previous', 'other', '', 'curren', 'currentt']) {
      verdicts.push(await check(token));
      later(1_000);
    }

    expect(verdicts).toEqual(['valid', 'valid', 'unknown', 'unknown', 'unknown', 'unknown']);
  });

  it('never takes an empty value for a token', async () => {
    const { check } = held(async () => ['current', '']);

    expect(await check('')).toBe('unknown');
  });

  it('reads once a minute for tokens that it knows', async () => {
    const { check, reads, later } = held(async () => ['current']);
    await check('current');
    later(59_000);
    await check('current');
    expect(reads()).toBe(1);

    later(1_000);
    await check('current');

    expect(reads()).toBe(2);
  });

  it('looks at once for a token that it does not know: it may be a new one', async () => {
    let secret = ['old'];
    const { check, later } = held(async () => secret);
    await check('old');
    later(100);
    secret = ['new', 'old'];

    expect([await check('new'), await check('old')]).toEqual(['valid', 'valid']);
  });

  it('goes on with what it holds while the source is away', async () => {
    let isAway = false;
    const { check, later } = held(async () => {
      if (isAway) throw new Error('no route to host');
      return ['current'];
    });
    await check('current');
    isAway = true;
    later(3_600_000);

    expect([await check('current'), await check('current')]).toEqual(['valid', 'valid']);
  });

  it('goes on with what it holds when the secret was emptied', async () => {
    let secret = ['current'];
    const { check, later } = held(async () => secret);
    await check('current');
    secret = ['', ''];
    later(61_000);

    expect(await check('current')).toBe('valid');
  });

  it('lets nobody in before the tokens were read once, and tries again', async () => {
    let tries = 0;
    const { check } = held(async () => {
      tries += 1;
      if (tries === 1) throw new Error('no route to host');
      return ['current'];
    });

    expect([await check('current'), await check('current')]).toEqual(['not-ready', 'valid']);
  });

  it('does not wait longer than the invocation lasts', async () => {
    const tokens = heldTokens({ log: silentLogger, nowMs: () => 0, read: () => new Promise(() => undefined) });

    expect(await tokens.check('any', AbortSignal.timeout(20))).toBe('not-ready');
  });
});
