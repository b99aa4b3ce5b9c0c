import { describe, expect, it } from 'vitest';
import type { Reply } from './ask.ts';
import { type Asked, findings } from './findings.ts';

const nowMs = Date.parse('2026-11-21T10:00:00Z');
const dayMs = 86_400_000;
type Answered = Extract<Reply, { readonly kind: 'answered' }>;
const right: Answered = {
  kind: 'answered',
  status: 200,
  body: '{"response": {"uid": "u-1", "allowed": true}}',
  atMs: nowMs,
  certificateEndMs: nowMs + 60 * dayMs,
  ms: 20,
};

function found(change: Partial<Answered>, second: Partial<Answered> = {}): readonly string[] {
  const asked: Asked = { host: 'web.example', uid: 'u-1', first: { ...right, ...change }, second: { ...right, ...second }, nowMs };
  return findings(asked).map(({ severity, message }) => `${severity}: ${message}`);
}

describe('findings', () => {
  it('says nothing of an endpoint that serves API servers', () => {
    expect(found({})).toEqual([]);
  });

  it.each([
    [403, 'two grants'],
    [404, 'token is unknown'],
    [429, 'reserved concurrency'],
    [502, 'does it start'],
    [503, 'secretsmanager:GetSecretValue'],
    [504, 'no answer in time'],
    [418, 'status 418'],
  ])('explains status %d', (status, says) => {
    expect(found({ status })).toEqual([expect.stringMatching(new RegExp(`^error: .*${says}`))]);
  });

  it.each(['ENOTFOUND', 'ECONNREFUSED', 'ETIMEDOUT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT'])(
    'explains %s',
    (code) => {
      const first: Reply = { kind: 'failed', code, message: 'in words of the system' };

      const [only] = findings({ host: 'web.example', uid: 'u-1', first, second: undefined, nowMs });

      expect(only?.message).toMatch(new RegExp(`^web\\.example: .+ \\(${code}\\)$`));
      expect(only?.message).not.toContain('in words of the system');
    },
  );

  it.each(['<html>', '{}', '{"response": {"uid": "another"}}', 'null'])('does not take %s for the answer of a webhook', (body) => {
    expect(found({ body })).toEqual([expect.stringContaining('not as a webhook')]);
  });

  it.each([
    ['a slow answer', {}, { ms: 1_500 }, 'warning: an answer takes 1500 ms'],
    ['an answer after the time of API servers', {}, { ms: 6_000 }, 'error: an answer takes 6000 ms'],
    ['a cold start after that time', { ms: 6_000 }, {}, 'warning: the first answer took 6000 ms'],
    ['a clock that is ahead', { atMs: nowMs - 600_000 }, {}, 'warning: the clock of this machine is 600 s ahead of'],
    ['a clock that is behind', { atMs: nowMs + 600_000 }, {}, 'warning: the clock of this machine is 600 s behind'],
    ['a certificate that ends soon', { certificateEndMs: nowMs + 3 * dayMs }, {}, 'warning: the certificate ends in 3 days'],
  ])('tells %s', (_what, first, second, says) => {
    expect(found(first, second)).toEqual([expect.stringContaining(says)]);
  });
});
