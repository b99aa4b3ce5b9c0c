import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import { proxyConfigKind } from './proxy-config.ts';

describe('proxyConfigKind', () => {
  it.each([0, 4])('takes %d threads', (concurrency) => {
    expect(findingsOf(proxyConfigKind, { concurrency, environmentVariables: { A: 'b' }, image: { imageType: 'distroless' } })).toEqual([]);
  });

  it('refuses fewer than none', () => {
    expect(findingsOf(proxyConfigKind, { concurrency: -1 })).toEqual(['spec.concurrency: concurrency must be greater than or equal to 0']);
  });
});
