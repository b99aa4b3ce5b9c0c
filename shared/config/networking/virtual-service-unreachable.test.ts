import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonValue } from '../../lib/json.ts';
import { virtualServiceKind } from './check-virtual-service.ts';

const route = [{ destination: { host: 'web' } }];
const prefix = (text: string, more: object = {}) => ({ uri: { prefix: text }, ...more });

/** Warnings of HTTP routes with these matches, one list for each route. */
function warningsOf(...matches: readonly (readonly object[])[]): readonly string[] {
  const http = matches.map((match, index) => ({ ...(index === 1 && { name: 'second' }), match, route })) as unknown as JsonValue;
  return findingsOf(virtualServiceKind, { hosts: ['web'], http }).map((text) => text.replace('warning: spec.', ''));
}

describe('routes that no request reaches are told', () => {
  it('behind one that takes all requests, once for each of their matches', () => {
    expect(warningsOf([], [prefix('/a'), prefix('/b')], [])).toEqual([
      'http[1]: virtualService rule "second" not used (route without matches defined before)',
      'http[1]: virtualService rule "second" not used (route without matches defined before)',
      'http[2]: virtualService rule #2 not used (only the last rule can have no matches)',
    ]);
  });

  it('by matches that are the same but for their names', () => {
    expect(warningsOf([prefix('/a', { port: 80 })], [prefix('/a', { port: 80, name: 'n' })])).toEqual([
      'http[1].match[0]: virtualService rule "second" match "n" is not used (duplicate/overlapping match in rule #0)',
      'http[1]: virtualService rule "second" not used (all matches used by prior rules)',
    ]);
    expect(warningsOf([prefix('/a')], [prefix('/a'), prefix('/b')])).toEqual([
      'http[1].match[0]: virtualService rule "second" match #0 is not used (duplicate/overlapping match in rule #0)',
    ]);
  });

  it('in lists of TCP and TLS routes too', () => {
    const tcp = [
      { match: [{ port: 80 }], route },
      { match: [{ port: 80 }], route },
    ];

    expect(findingsOf(virtualServiceKind, { hosts: ['web'], tcp })).toEqual([
      'warning: spec.tcp[1].match[0]: virtualService rule #1 match #0 is not used (duplicate/overlapping match in rule #0)',
      'warning: spec.tcp[1]: virtualService rule #1 not used (all matches used by prior rules)',
    ]);
  });

  const covered =
    'http[1].match[0]: virtualService rule "second" match #0 of prefix /ab is not used (duplicate/overlapping match in rule #0 of prefix /a on #0)';

  it.each<[string, object, object]>([
    ['no other condition', {}, {}],
    ['the method of requests without a body', {}, { method: { exact: 'GET' } }],
    ['a prefix of the method', { method: { exact: 'POST' } }, { method: { exact: 'PO' } }],
    ['no authority', { authority: { exact: 'a' } }, {}],
    ['a prefix of each header', { headers: { a: { exact: 'xy' } } }, { headers: { a: { exact: 'x' } } }],
    ['an expression, which counts as no condition', { queryParams: { a: { exact: 'x' } } }, { queryParams: { a: { regex: 'x' } } }],
  ])('by a longer path prefix with %s', (_, early, late) => {
    expect(warningsOf([prefix('/a', early)], [prefix('/ab', late)])).toEqual([covered]);
  });

  it.each<[string, object, object]>([
    ['another port', { port: 80 }, { port: 81 }],
    ['another method', {}, { method: { exact: 'POST' } }],
    ['an authority of its own', {}, { authority: { exact: 'a' } }],
    ['fewer headers', { headers: { a: {} } }, {}],
    ['other headers', { withoutHeaders: { a: {} } }, { withoutHeaders: { b: {} } }],
  ])('but not a prefix with %s', (_, early, late) => {
    expect(warningsOf([prefix('/a', early)], [prefix('/ab', late)])).toEqual([]);
  });

  it('but not a shorter prefix behind a longer one', () => {
    expect(warningsOf([prefix('/ab')], [prefix('/a')])).toEqual([]);
  });

  it('in the order of the earlier ones, then of the later ones', () => {
    const rules = warningsOf([prefix('/')], [prefix('/b')], [prefix('/a')], [prefix('/ab')]).map((text) => text.slice(0, 'http[0]'.length));

    expect(rules).toEqual(['http[1]', 'http[2]', 'http[3]', 'http[3]']);
  });
});
