import { describe, expect, it } from 'vitest';
import { initJson } from '../../../test/fixtures/routes.ts';
import { MetadataMatcherSchema } from '../../gen/envoy/type/matcher/v3/metadata_pb.js';
import { claimPath } from '../../lib/claim-header.ts';
import { claimMatcher } from './claim-match.ts';

describe('headers that name a claim', () => {
  it.each<[string, readonly string[] | undefined]>([
    ['@request.auth.claims.group', ['group']],
    ['@request.auth.claims.a.B', ['a', 'B']],
    ['@request.auth.claims[a@b.io][c]', ['a@b.io', 'c']],
    ['@request.auth.claims.[a]', ['[a]']],
    ['@REQUEST.auth.claims.a', ['a']],
    ['@request.auth.claims', undefined],
    ['@request.auth.claims.', undefined],
    ['@request.auth.claims-a', undefined],
    ['@request.auth.claims[]', undefined],
    ['@request.auth.claims[a', undefined],
    ['request.auth.claims.a', undefined],
    ['x-claims', undefined],
  ])('%s', (header, expected) => {
    expect(claimPath(header)).toEqual(expected);
  });
});

describe('the matcher of a claim', () => {
  const one = { stringMatch: { exact: 'dev' } };
  const path = [{ key: 'payload' }, { key: 'group' }];

  it('accepts the text and a list that holds it', () => {
    expect(initJson(MetadataMatcherSchema, claimMatcher(['group'], { exact: 'dev' }, 'with'))).toEqual({
      filter: 'envoy.filters.http.jwt_authn',
      path,
      value: { orMatch: { valueMatchers: [{ listMatch: { oneOf: one } }, one] } },
    });
  });

  it('asks only that the claim is there where the match is empty, and is inverted for withoutHeaders', () => {
    expect(initJson(MetadataMatcherSchema, claimMatcher(['group'], {}, 'without'))).toEqual({
      filter: 'envoy.filters.http.jwt_authn',
      path,
      value: { presentMatch: true },
      invert: true,
    });
  });
});
