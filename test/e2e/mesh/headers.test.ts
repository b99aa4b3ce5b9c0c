import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { RouteRows, toV1, toV2 } from './route-rows.ts';
import { RowMesh } from './row-mesh.ts';

const mesh = new RowMesh({ subnet: '127.0.11', versions: ['v1', 'v2'] });
const rows = new RouteRows(mesh);

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('a route of a VirtualService', { timeout: 60_000 }, () => {
  beforeAll(() => mesh.start(), 180_000);
  afterAll(() => mesh.stop());

  it(
    'sets, adds and removes headers of requests',
    rows.route({ headers: { request: { set: { one: 'new' }, add: { two: 'more' }, remove: ['three'] } } }, async (row) => {
      await row.send({ headers: { one: 'old', two: 'some', three: 'gone', four: 'kept' } });
      const { one, two, three, four } = row.backend('v1').last?.headers ?? {};
      expect({ one, two, three, four }).toEqual({ one: 'new', two: 'some, more', three: undefined, four: 'kept' });
    }),
  );

  it(
    'sets, adds and removes headers of responses',
    rows.route({ headers: { response: { set: { one: 'new' }, add: { two: 'more' }, remove: ['three'] } } }, async (row) => {
      row.backend('v1').behave({ headers: { one: 'old', two: 'some', three: 'gone' } });
      const { one, two, three } = (await row.send()).headers;
      expect({ one, two, three }).toEqual({ one: 'new', two: 'some, more', three: undefined });
    }),
  );

  it(
    'changes headers for each of its destinations',
    rows.route(
      {
        headers: { request: { set: { level: 'route' } } },
        route: [
          { ...toV1, weight: 50, headers: { request: { set: { to: 'one' } }, response: { set: { by: 'one' } } } },
          { ...toV2, weight: 50, headers: { request: { set: { to: 'two' } }, response: { set: { by: 'two' } } } },
        ],
      },
      async (row) => {
        const answers = await row.sendMany(40);
        expect(new Set(answers.map(({ body, headers }) => `${body} ${headers['by']}`))).toEqual(new Set(['v1 one', 'v2 two']));
        const { v1, v2 } = Object.fromEntries(row.backends.map(({ version, last }) => [version, last?.headers]));
        expect([v1?.['to'], v1?.['level'], v2?.['to'], v2?.['level']]).toEqual(['one', 'route', 'two', 'route']);
      },
    ),
  );

  it(
    'changes headers for its only destination',
    rows.route({ route: [{ ...toV1, headers: { request: { set: { to: 'one' } } } }] }, async (row) => {
      await row.send();
      expect(row.backend('v1').last?.headers['to']).toBe('one');
    }),
  );

  it(
    'sets the authority as a header',
    rows.route({ headers: { request: { set: { ':authority': 'inner.test' } } } }, async (row) => {
      await row.send();
      expect(row.backend('v1').last?.headers.host).toBe('inner.test');
    }),
  );

  it('makes Envoy refuse nothing', async () => expect(await mesh.faults()).toEqual([0, 0]));
});
