import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { validateObject } from '../validate-object.ts';
import { requestAuthenticationKind } from './request-authentication.ts';

const check = (spec: JsonObject): readonly string[] => findingsOf(requestAuthenticationKind, spec);
/** What is said of a rule that names an issuer, without the way to it. */
const checkRule = (rule: JsonObject): readonly string[] =>
  check({ jwtRules: [{ issuer: 'i', ...rule }] }).map((finding) => finding.replace('spec.jwtRules[0].', ''));

const publicKey = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
const keys = (...all: readonly JsonObject[]): string => JSON.stringify({ keys: all });

describe('requestAuthenticationKind', () => {
  it('takes rules with all that they can have', () => {
    const rule = {
      audiences: ['a'],
      jwksUri: 'https://keys.example/jwks.json',
      fromHeaders: [{ name: 'x-token', prefix: 'Bearer ' }],
      fromParams: ['token'],
      fromCookies: ['token'],
      outputClaimToHeaders: [{ claim: 'sub', header: 'x-sub_1' }],
      timeout: '5s',
    };
    expect(checkRule(rule)).toEqual([]);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['no issuer', { issuer: '' }, ['issuer: issuer or jwksUri must be non-empty string']],
    ['an empty audience', { audiences: ['a', ''] }, ['audiences[1]: audience must be non-empty string']],
    ['a key address of another scheme', { jwksUri: 'ftp://x' }, ['jwksUri: URI scheme "ftp" is not supported']],
    ['a broken key address', { jwksUri: 'http://x:y' }, ['jwksUri: parse "http://x:y": invalid port ":y" after host']],
    ['a header without a name', { fromHeaders: [{}] }, ['fromHeaders[0].name: location header name must be non-empty string']],
    ['an empty parameter', { fromParams: [''] }, ['fromParams[0]: location query must be non-empty string']],
    ['an empty cookie', { fromCookies: [''] }, ['fromCookies[0]: cookie name must be non-empty string']],
    [
      'a claim that goes nowhere',
      { outputClaimToHeaders: [{ claim: 'c' }] },
      ['outputClaimToHeaders[0]: outputClaimToHeaders header and claim value must be non-empty string'],
    ],
    [
      'a claim into no header',
      { outputClaimToHeaders: [{ claim: 'c', header: 'x y' }] },
      ['outputClaimToHeaders[0].header: header name x y is not a valid header name'],
    ],
    ['no time', { timeout: '0s' }, ['timeout: duration must be greater than 1ms']],
  ])('refuses %s', (_what, rule, findings) => {
    expect(checkRule(rule)).toEqual(findings);
  });

  it('counts even a single error of a rule, as Istio does', () => {
    const object = { apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication', spec: { jwtRules: [{ issuer: '' }] } };

    expect(validateObject(object).denial).toContain('1 error occurred:');
  });
});

describe('checkJwks', () => {
  it.each([keys(publicKey), keys(), JSON.stringify(publicKey), keys({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' })])('takes %s', (jwks) => {
    expect(checkRule({ jwks })).toEqual([]);
  });

  it.each(['x', '[]', '{}', keys({ kty: 'RSA' }), keys({ ...publicKey, kty: 'toString' }), '{"keys": 1}'])('refuses %s', (jwks) => {
    expect(checkRule({ jwks })).toEqual([expect.stringMatching(/^jwks: jwks parse error: /)]);
  });

  it('warns of keys that are for the issuer alone, and shows none of them', () => {
    const secrets = keys(publicKey, { ...publicKey, d: 'c2VjcmV0' }, { kty: 'oct', k: 'c2VjcmV0' });
    const warning = (index: number): string =>
      `warning: jwks: jwks key at index ${index} contains private key material; only public keys are used for verification`;

    expect(checkRule({ jwks: secrets })).toEqual([warning(1), warning(2)]);
    expect(checkRule({ jwks: `${secrets} `.replace('RSA', 'DSA') }).join()).not.toContain('c2VjcmV0');
  });
});

describe('checkPolicyTarget', () => {
  const target = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' };

  it.each([
    target,
    { ...target, kind: 'GatewayClass' },
    { group: '', kind: 'Service', name: 's' },
    { group: 'core', kind: 'Service', name: 's' },
  ])('takes %j', (targetRef) => {
    expect(check({ targetRef })).toEqual([]);
    expect(check({ targetRefs: [targetRef, targetRef] })).toEqual([]);
  });

  it('refuses several ways at once', () => {
    const only = 'spec: only one of targetRefs or workloadSelector can be set';

    expect(check({ targetRef: target, targetRefs: [target] })).toEqual([only]);
    expect(check({ targetRef: target, selector: { matchLabels: { a: 'b' } } })).toEqual([only]);
  });

  it('refuses what cannot be a target', () => {
    expect(check({ targetRefs: [target, { kind: 'Pod', namespace: 'x' }] })).toEqual([
      'spec.targetRefs[1].name: targetRef name must be set',
      'spec.targetRefs[1].namespace: targetRef namespace must not be set; cross namespace referencing is not supported',
      expect.stringMatching(/^spec\.targetRefs\[1\]\.kind: targetRef must be to one of \[core\/v1\/Service .*\] but was \/Pod$/),
    ]);
  });
});
