import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withProgress } from './progress.ts';

describe('withProgress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('says nothing about work of less than a second', async () => {
    const said: string[] = [];
    const work = withProgress('reading', Promise.resolve('done'), (line) => said.push(line));
    await vi.advanceTimersByTimeAsync(5000);

    expect([await work, said]).toEqual(['done', []]);
  });

  it('says each second what it waits for, and no more when it is over', async () => {
    const said: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = withProgress('reading', promise, (line) => said.push(line));
    await vi.advanceTimersByTimeAsync(2500);
    resolve();
    await work;
    await vi.advanceTimersByTimeAsync(5000);

    expect(said).toEqual(['reading … 1 s', 'reading … 2 s']);
  });
});
