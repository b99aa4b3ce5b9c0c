import { describe, expect, it } from 'vitest';
import type { HttpRoute } from './virtual-service.ts';
import { mergeDelegates } from './virtual-service-delegate.ts';
import { mergeMatches } from './virtual-service-delegate-match.ts';
import type { HttpMatch } from './virtual-service-match.ts';

function merged(root: HttpRoute, children: readonly HttpRoute[]): readonly HttpRoute[] {
  const { value } = mergeDelegates({ http: [{ delegate: { name: 'child' }, ...root }] }, 'shop', () => ({ http: children }));
  return value.http ?? [];
}

describe('a root with delegates', () => {
  it('has the routes of each delegate in the place of the route that names it', () => {
    const { value } = mergeDelegates({ http: [{ name: 'a' }, { delegate: { name: 'x' } }, { name: 'b' }] }, 'shop', () => ({
      http: [{ name: 'c' }, { name: 'd' }],
    }));
    expect(value.http?.map(({ name }) => name)).toEqual(['a', 'c', 'd', 'b']);
  });

  it('stays as it is without any', () => {
    const root = { http: [{ name: 'a' }] };
    expect(mergeDelegates(root, 'shop', () => undefined)).toEqual({ value: root, problems: [] });
  });

  it('looks for them in its own namespace unless it names another', () => {
    const asked: string[] = [];
    const root = { http: [{ delegate: { name: 'a' } }, { delegate: { name: 'b', namespace: 'team' } }] };
    const { value, problems } = mergeDelegates(root, 'shop', ({ namespace, name }) => {
      asked.push(`${namespace}/${name}`);
      return undefined;
    });

    expect(asked).toEqual(['shop/a', 'team/b']);
    expect(value.http).toEqual([]);
    expect(problems.map(({ index }) => index)).toEqual([0, 1]);
  });

  it('gives its settings to routes that have none of their own', () => {
    const root: HttpRoute = { timeout: '1s', retries: { attempts: 1 }, fault: { abort: { httpStatus: 500 } }, rewrite: { uri: '/' } };
    expect(merged(root, [{ timeout: '2s', rewrite: { uri: '/b' } }, {}])).toEqual([
      { match: [], timeout: '2s', retries: { attempts: 1 }, fault: { abort: { httpStatus: 500 } }, rewrite: { uri: '/b' } },
      { match: [], ...root },
    ]);
  });

  it.each<[HttpRoute, HttpRoute, string | undefined]>([
    [{ name: 'r' }, { name: 'c' }, 'r-c'],
    [{ name: 'r' }, {}, 'r'],
    [{}, { name: 'c' }, 'c'],
    [{}, {}, undefined],
  ])('joins the names %j and %j', (root, child, expected) => {
    expect(merged(root, [child])[0]?.name).toBe(expected);
  });

  it('takes no delegate of a delegate', () => {
    expect(merged({}, [{ delegate: { name: 'deeper' } }, { name: 'c' }]).map(({ name }) => name)).toEqual(['c']);
  });
});

describe('matches of a root and its delegate', () => {
  const fits: readonly (readonly [string, HttpMatch, HttpMatch, Partial<HttpMatch>])[] = [
    ['a longer prefix', { uri: { prefix: '/a' } }, { uri: { prefix: '/a/b' } }, { uri: { prefix: '/a/b' } }],
    ['a path below a prefix', { uri: { prefix: '/a' } }, { uri: { exact: '/a/b' } }, { uri: { exact: '/a/b' } }],
    ['the same path', { uri: { exact: '/a' } }, { uri: { exact: '/a' } }, { uri: { exact: '/a' } }],
    ['only the root’s path', { uri: { exact: '/a' } }, {}, { uri: { exact: '/a' } }],
    ['only the delegate’s path', {}, { uri: { regex: 'a' } }, { uri: { regex: 'a' } }],
    ['other headers', { headers: { a: { exact: '1' } } }, { headers: { b: {} } }, { headers: { a: { exact: '1' }, b: {} } }],
    ['a method', { uri: { prefix: '/' } }, { method: { exact: 'GET' } }, { uri: { prefix: '/' }, method: { exact: 'GET' } }],
    ['a port', { port: 80 }, {}, { port: 80 }],
    ['labels', { sourceLabels: { a: '1' } }, { sourceLabels: { b: '2' } }, { sourceLabels: { a: '1', b: '2' } }],
    ['some of the gateways', { gateways: ['a', 'b'] }, { gateways: ['b'] }, { gateways: ['b'] }],
    ['the root’s gateways', { gateways: ['a'] }, {}, { gateways: ['a'] }],
    ['both names', { name: 'r' }, { name: 'c' }, { name: 'r-c' }],
    ['the delegate’s statistics', { statPrefix: 'r' }, { statPrefix: 'c' }, { statPrefix: 'c' }],
  ];

  it.each(fits)('join in %s', (_, root, child, expected) => {
    expect(mergeMatches([root], [child])).toEqual([expect.objectContaining(expected)]);
  });

  it.each<[string, HttpMatch, HttpMatch]>([
    ['another path', { uri: { exact: '/a' } }, { uri: { exact: '/b' } }],
    ['a shorter prefix', { uri: { prefix: '/a/b' } }, { uri: { prefix: '/a' } }],
    ['a prefix under a path', { uri: { exact: '/a' } }, { uri: { prefix: '/a' } }],
    ['a regex under a prefix', { uri: { prefix: '/a' } }, { uri: { regex: '/a.*' } }],
    ['a regex under a regex', { uri: { regex: 'a' } }, { uri: { regex: 'a' } }],
    ['another value of a header', { headers: { a: { exact: '1' } } }, { headers: { a: { exact: '2' } } }],
    ['another case rule', { uri: { prefix: '/' }, ignoreUriCase: true }, { uri: { prefix: '/' } }],
    ['another port', { port: 80 }, { port: 81 }],
    ['another namespace', { sourceNamespace: 'a' }, { sourceNamespace: 'b' }],
    ['another label value', { sourceLabels: { a: '1' } }, { sourceLabels: { a: '2' } }],
    ['another gateway', { gateways: ['a'] }, { gateways: ['a', 'b'] }],
  ])('do not join with %s', (_, root, child) => {
    expect(mergeMatches([root], [child])).toBeUndefined();
  });

  it('join each with each, and only if every one of the delegate’s finds a place', () => {
    const root: readonly HttpMatch[] = [{ uri: { prefix: '/a' } }, { uri: { prefix: '/b' }, method: { exact: 'GET' } }];
    const paths = mergeMatches(root, [{ uri: { prefix: '/b/c' } }, { port: 80 }])?.map(({ uri }) => uri?.prefix);

    expect(paths).toEqual(['/b/c', '/a', '/b']);
    expect(mergeMatches(root, [{ port: 80 }, { uri: { prefix: '/c' } }])).toBeUndefined();
  });

  it('are the other side’s where one side has none', () => {
    expect(mergeMatches([], [{ port: 80 }])).toEqual([{ port: 80 }]);
    expect(mergeMatches([{ port: 80 }], [])).toEqual([{ port: 80 }]);
  });
});
