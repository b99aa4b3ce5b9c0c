import { describe, expect, it } from 'vitest';
import { createInjector, type Injector } from '../../shared/inject/index.ts';
import { silentLogger } from '../../shared/observe/log.ts';
import { injectorConfig } from '../../test/fixtures/inject.ts';
import { type ConfigAnswer, type ConfigSource, heldInjector } from './held-injector.ts';

const named = (revision: string): Injector => createInjector(injectorConfig({ revision }));
const found = (revision: string, version: string): ConfigAnswer => ({ kind: 'found', version, injector: named(revision) });

/** A fake store: answers what the test says next, and remembers what it was asked. */
function fakeSource(answers: readonly (ConfigAnswer | 'never' | 'away')[]) {
  const asked: (readonly [string, string | undefined])[] = [];
  const source: ConfigSource = {
    read: (revision, knownVersion) => {
      const answer = answers[asked.push([revision, knownVersion]) - 1] ?? { kind: 'unchanged' };
      if (answer === 'never') return new Promise(() => {});
      return answer === 'away' ? Promise.reject(new Error('connection refused')) : Promise.resolve(answer);
    },
  };
  return { source, asked };
}

function held(answers: Parameters<typeof fakeSource>[0]) {
  const clock = { nowMs: 0 };
  const waits: number[] = [];
  const { source, asked } = fakeSource(answers);
  const injectorOf = heldInjector({
    source,
    builtIn: named('built-in'),
    revision: 'default',
    log: silentLogger,
    nowMs: () => clock.nowMs,
    timeout: (afterMs) => {
      waits.push(afterMs);
      return answers[asked.length] === 'never' ? AbortSignal.abort() : new AbortController().signal;
    },
  });
  const revisionOf = async (revision?: string): Promise<string> => (await injectorOf(revision)).config.revision;
  return { revisionOf, asked, waits, clock };
}

describe('heldInjector', () => {
  it('uses the built-in configuration where nothing is stored', async () => {
    const { revisionOf } = held([{ kind: 'absent' }]);

    expect(await revisionOf()).toBe('built-in');
  });

  it('does not read again before 10 s have passed', async () => {
    const { revisionOf, asked, clock } = held([found('one', 'v1')]);
    await revisionOf();
    clock.nowMs = 9_999;

    expect(await revisionOf()).toBe('one');
    expect(asked).toHaveLength(1);
  });

  it('reads on condition after that, waits 50 ms at most, and uses what is newer in the same request', async () => {
    const { revisionOf, asked, waits, clock } = held([found('one', 'v1'), found('two', 'v2')]);
    await revisionOf();
    clock.nowMs = 10_000;

    expect(await revisionOf()).toBe('two');
    expect(asked).toEqual([
      ['default', undefined],
      ['default', 'v1'],
    ]);
    expect(waits).toEqual([2_000, 50]);
  });

  it.each(['never', 'away'] as const)('keeps what is held when the store is %s, and looks again next time', async (trouble) => {
    const { revisionOf, asked, clock } = held([found('one', 'v1'), trouble, found('two', 'v2')]);
    await revisionOf();
    clock.nowMs = 10_000;

    expect(await revisionOf()).toBe('one');
    expect(await revisionOf()).toBe('two');
    expect(asked).toHaveLength(3);
  });

  it('answers with the built-in configuration when the store is away from the start', async () => {
    const { revisionOf } = held(['away', found('one', 'v1')]);

    expect(await revisionOf()).toBe('built-in');
    expect(await revisionOf()).toBe('one');
  });

  it('keeps the last good configuration when a broken one is stored, and reads that once', async () => {
    const { revisionOf, asked, clock } = held([found('one', 'v1'), { kind: 'broken', version: 'v2', message: 'templates.x: line 1' }]);
    await revisionOf();
    clock.nowMs = 10_000;

    expect(await revisionOf()).toBe('one');
    clock.nowMs = 20_000;
    expect(await revisionOf()).toBe('one');
    expect(asked.at(-1)).toEqual(['default', 'v2']);
  });

  it('keeps what is held when the stored object disappears', async () => {
    const { revisionOf, clock } = held([found('one', 'v1'), { kind: 'absent' }]);
    await revisionOf();
    clock.nowMs = 10_000;

    expect(await revisionOf()).toBe('one');
  });

  it('gives a pod of another revision that one, and the default where nobody stored it', async () => {
    const { revisionOf } = held([found('canary', 'c1'), { kind: 'absent' }, found('default', 'v1')]);

    expect(await revisionOf('canary')).toBe('canary');
    expect(await revisionOf('unknown')).toBe('default');
  });

  it('does not let requests that come together read twice, once something is held', async () => {
    const { revisionOf, asked, clock } = held([found('one', 'v1'), found('two', 'v2')]);
    await revisionOf();
    clock.nowMs = 10_000;

    expect(await Promise.all([revisionOf(), revisionOf()])).toEqual(['two', 'one']);
    expect(asked).toHaveLength(2);
  });
});
