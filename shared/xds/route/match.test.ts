import { describe, expect, it } from 'vitest';
import { initJson } from '../../../test/fixtures/routes.ts';
import type { HttpMatch } from '../../config/networking/virtual-service-match.ts';
import { RouteMatchSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { isCatchAll, routeMatch } from './match.ts';

function matchJson(match: HttpMatch | undefined) {
  return initJson(RouteMatchSchema, routeMatch(match));
}

describe('the match of a route', () => {
  it('takes every path where the VirtualService has no match', () => {
    expect(matchJson(undefined)).toEqual({ prefix: '/' });
  });

  it.each<[string, HttpMatch, object]>([
    ['an exact path', { uri: { exact: '/a' } }, { path: '/a' }],
    ['a prefix', { uri: { prefix: '/a' } }, { prefix: '/a' }],
    ['a regex', { uri: { regex: '/a+' } }, { safeRegex: { regex: '/a+' } }],
    ['any path without a uri', { port: 80 }, { prefix: '/' }],
    ['any path for an empty uri', { uri: {} }, { prefix: '/' }],
  ])('looks at %s and at its case', (_, match, expected) => {
    expect(matchJson(match)).toEqual({ ...expected, caseSensitive: true });
  });

  it('ignores the case of the path where it is told to', () => {
    expect(matchJson({ uri: { prefix: '/a' }, ignoreUriCase: true })).toEqual({ prefix: '/a', caseSensitive: false });
  });

  it('sorts headers by name and puts method, authority and scheme behind them', () => {
    const match: HttpMatch = {
      headers: { 'x-b': { exact: 'b' }, ':path': { prefix: '/' } },
      withoutHeaders: { 'x-a': { exact: 'a' } },
      scheme: { exact: 'https' },
      authority: { exact: 'host' },
      method: { regex: 'GET|PUT' },
    };
    const names = matchJson(match).headers.map(({ name }: { readonly name: string }) => name);
    expect(names).toEqual([':path', 'x-a', 'x-b', ':method', ':authority', ':scheme']);
  });

  it.each<[string, HttpMatch, object]>([
    ['a value', { headers: { h: { exact: 'v' } } }, { stringMatch: { exact: 'v' } }],
    ['an empty value', { headers: { h: { exact: '' } } }, { stringMatch: { exact: '' } }],
    ['presence, for an empty match', { headers: { h: {} } }, { presentMatch: true }],
    ['presence, for the regex *', { headers: { h: { regex: '*' } } }, { presentMatch: true }],
    [
      'another value or none',
      { withoutHeaders: { h: { prefix: 'v' } } },
      { stringMatch: { prefix: 'v' }, invertMatch: true, treatMissingHeaderAsEmpty: true },
    ],
    ['absence', { withoutHeaders: { h: {} } }, { presentMatch: true, invertMatch: true }],
  ])('wants of a header %s', (_, match, expected) => {
    expect(matchJson(match).headers).toEqual([{ name: 'h', ...expected }]);
  });

  it('looks at query parameters by name', () => {
    const queryParams = { q: {}, k: { exact: 'v' }, r: { regex: '[0-9]+' } };
    expect(matchJson({ queryParams }).queryParameters).toEqual([
      { name: 'k', stringMatch: { exact: 'v' } },
      { name: 'q', presentMatch: true },
      { name: 'r', stringMatch: { safeRegex: { regex: '[0-9]+' } } },
    ]);
  });

  it('looks for claims in metadata instead of headers', () => {
    const json = matchJson({ headers: { '@request.auth.claims.group': { exact: 'dev' }, h: {} } });
    expect(json.headers).toEqual([{ name: 'h', presentMatch: true }]);
    expect(json.dynamicMetadata).toHaveLength(1);
  });
});

describe('a match that takes every request', () => {
  it.each<[string, HttpMatch | undefined, boolean]>([
    ['none', undefined, true],
    ['an empty one', {}, true],
    ['prefix /', { uri: { prefix: '/' } }, true],
    ['regex .*', { uri: { regex: '.*' } }, true],
    ['another prefix', { uri: { prefix: '/a' } }, false],
    ['another regex', { uri: { regex: '.+' } }, false],
    ['path /', { uri: { exact: '/' } }, false],
    ['a header', { headers: { h: {} } }, false],
    ['a method', { method: { exact: 'GET' } }, false],
    ['a query parameter', { queryParams: { q: {} } }, false],
    ['a claim', { headers: { '@request.auth.claims.a': { exact: 'b' } } }, false],
  ])('%s', (_, match, expected) => {
    expect(isCatchAll(routeMatch(match))).toBe(expected);
  });
});
