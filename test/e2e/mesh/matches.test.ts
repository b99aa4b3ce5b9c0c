import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { destinationRule, virtualService } from './objects.ts';
import type { Call } from './requests.ts';
import { type Row, RowMesh } from './row-mesh.ts';

const mesh = new RowMesh({ subnet: '127.0.4', versions: ['v1', 'v2', 'v3'] });

interface Requests {
  /** That the match is for. */
  readonly hits: readonly Partial<Call>[];
  readonly misses: readonly Partial<Call>[];
}

/** A route to `v2` with the match, then one for the rest to `v1`. */
function match(condition: JsonObject, { hits, misses }: Requests): () => Promise<void> {
  return routes([{ match: [condition], route: 'v2' }], async (row) => {
    for (const call of hits) expect([call, await row.version(call)]).toEqual([call, 'v2']);
    for (const call of misses) expect([call, await row.version(call)]).toEqual([call, 'v1']);
  });
}

function routes(http: readonly Http[], check: (row: Row) => Promise<void>): () => Promise<void> {
  return mesh.row(({ host }) => {
    const of = ({ route, ...rest }: Http) => ({ ...rest, route: [{ destination: { host, subset: route } }] });
    return [virtualService(host, [...http.map(of), of({ route: 'v1' })]), destinationRule(host, ['v1', 'v2', 'v3'])];
  }, check);
}

interface Http extends JsonObject {
  readonly match?: readonly JsonObject[];
  readonly route: string;
}

const path = (value: string): Partial<Call> => ({ path: value });
const headers = (value: Readonly<Record<string, string>>): Partial<Call> => ({ headers: value });

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('a route of a VirtualService is for requests', { timeout: 60_000 }, () => {
  beforeAll(() => mesh.start(), 180_000);
  afterAll(() => mesh.stop());

  it(
    'whose path is the one of uri.exact',
    match({ uri: { exact: '/a' } }, { hits: [path('/a'), path('/a?q=1')], misses: [path('/a/'), path('/A'), path('/')] }),
  );

  it(
    'whose path begins with uri.prefix',
    match({ uri: { prefix: '/a' } }, { hits: [path('/a'), path('/ab/c')], misses: [path('/b/a'), path('/A')] }),
  );

  it(
    'whose whole path matches uri.regex',
    match(
      { uri: { regex: '/items/\\d+' } },
      { hits: [path('/items/42'), path('/items/4?q=1')], misses: [path('/items/x'), path('/items/42/more'), path('/v1/items/42')] },
    ),
  );

  it(
    'with ignoreUriCase whose path differs in case alone',
    match({ uri: { prefix: '/Shop' }, ignoreUriCase: true }, { hits: [path('/shop/1'), path('/SHOP')], misses: [path('/store')] }),
  );

  it(
    'whose path is the one of uri.exact once it is normalized',
    match({ uri: { exact: '/a' } }, { hits: [path('/b/../a'), path('/./a')], misses: [path('/a/./b'), path('//a')] }),
  );

  it(
    'of scheme',
    match(
      { scheme: { exact: 'https' } },
      { hits: [headers({ 'x-forwarded-proto': 'https' })], misses: [{}, headers({ 'x-forwarded-proto': 'http' })] },
    ),
  );

  it('of method', match({ method: { exact: 'PUT' } }, { hits: [{ method: 'PUT' }], misses: [{ method: 'GET' }, { method: 'POST' }] }));

  it(
    'for authority, of all names of the service',
    mesh.row(
      ({ host }) => [
        virtualService(host, [
          { match: [{ authority: { prefix: `${host}.shop.svc` } }], route: [{ destination: { host, subset: 'v2' } }] },
          { route: [{ destination: { host, subset: 'v1' } }] },
        ]),
        destinationRule(host, ['v1', 'v2']),
      ],
      async (row) => {
        for (const host of [`${row.host}.shop.svc`, `${row.host}.shop.svc.cluster.local`, `${row.host}.shop.svc.cluster.local:${row.port}`])
          expect([host, await row.version({ host })]).toEqual([host, 'v2']);
        for (const host of [row.host, `${row.host}.shop`]) expect([host, await row.version({ host })]).toEqual([host, 'v1']);
      },
    ),
  );

  it(
    'whose header is the one of headers.exact',
    match(
      { headers: { 'x-group': { exact: 'beta' } } },
      { hits: [headers({ 'X-Group': 'beta' })], misses: [{}, headers({ 'x-group': 'Beta' }), headers({ 'x-group': 'beta2' })] },
    ),
  );

  it(
    'whose header begins with headers.prefix',
    match(
      { headers: { 'x-group': { prefix: 'be' } } },
      { hits: [headers({ 'x-group': 'beta' })], misses: [{}, headers({ 'x-group': 'abe' })] },
    ),
  );

  it(
    'whose header as a whole matches headers.regex',
    match(
      { headers: { 'x-group': { regex: 'b.t+a' } } },
      { hits: [headers({ 'x-group': 'betta' })], misses: [{}, headers({ 'x-group': 'betas' })] },
    ),
  );

  it(
    'that have a header, whatever it is, for an empty match in headers',
    match({ headers: { 'x-group': {} } }, { hits: [headers({ 'x-group': 'any' }), headers({ 'x-group': '' })], misses: [{}] }),
  );

  it(
    'with all of several headers and the path',
    match(
      { uri: { prefix: '/a' }, headers: { one: { exact: '1' }, two: { exact: '2' } } },
      {
        hits: [{ path: '/a', headers: { one: '1', two: '2' } }],
        misses: [
          { path: '/a', headers: { one: '1' } },
          { path: '/', headers: { one: '1', two: '2' } },
        ],
      },
    ),
  );

  it(
    'without the header of withoutHeaders',
    match(
      { withoutHeaders: { 'x-group': { exact: 'beta' } } },
      { hits: [{}, headers({ 'x-group': 'other' })], misses: [headers({ 'x-group': 'beta' })] },
    ),
  );

  it(
    'with queryParams, of which the order does not matter',
    match(
      { queryParams: { a: { exact: '1' }, b: { regex: '\\d+' } } },
      { hits: [path('/?a=1&b=22'), path('/x?b=3&c=4&a=1')], misses: [path('/'), path('/?a=1'), path('/?a=1&b=x'), path('/?a=12&b=2')] },
    ),
  );

  it(
    'on port',
    mesh.row(
      ({ host, otherPort }) => [
        virtualService(host, [
          { match: [{ port: otherPort }], route: [{ destination: { host, subset: 'v2', port: { number: otherPort } } }] },
          { route: [{ destination: { host, subset: 'v1' } }] },
        ]),
        destinationRule(host, ['v1', 'v2']),
      ],
      async (row) => {
        expect(await row.version({ port: row.otherPort })).toBe('v2');
        expect(await row.version()).toBe('v1');
      },
    ),
  );

  it(
    'from proxies with sourceLabels',
    routes(
      [
        { match: [{ sourceLabels: { app: 'other' } }], route: 'v3' },
        { match: [{ sourceLabels: { app: 'client', team: 'a' } }], route: 'v3' },
        { match: [{ sourceLabels: { app: 'client' } }], route: 'v2' },
      ],
      async (row) => expect(await row.version()).toBe('v2'),
    ),
  );

  it(
    'from sourceNamespace',
    routes(
      [
        { match: [{ sourceNamespace: 'other' }], route: 'v3' },
        { match: [{ sourceNamespace: 'shop' }], route: 'v2' },
      ],
      async (row) => expect(await row.version()).toBe('v2'),
    ),
  );

  it(
    'of any of several matches, and the first route of several wins',
    routes(
      [
        { match: [{ uri: { prefix: '/a' } }, { uri: { prefix: '/b' } }], route: 'v2' },
        { match: [{ uri: { prefix: '/' } }], route: 'v3' },
      ],
      async (row) => {
        expect([await row.version(path('/a/1')), await row.version(path('/b')), await row.version(path('/c'))]).toEqual(['v2', 'v2', 'v3']);
      },
    ),
  );

  it('with no resource refused', async () => expect(await mesh.faults()).toEqual([0, 0]));
});
