import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { destinationRule, inNamespace, istio, virtualService } from './objects.ts';
import { type Row, RowMesh } from './row-mesh.ts';

const mesh = new RowMesh({ subnet: '127.0.14', versions: ['v1', 'v2'] });
const inTurn: JsonObject = { loadBalancer: { simple: 'ROUND_ROBIN' } };
const byHeader: JsonObject = { loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } } };

/** A rule with subsets that are called as the versions they are. */
function rule(name: string, spec: { readonly host: string; readonly versions: readonly string[] } & JsonObject): JsonObject {
  const { versions, ...rest } = spec;
  return istio('DestinationRule', name, { ...rest, subsets: versions.map((version) => ({ name: version, labels: { version } })) });
}

/** A request with the version in a header goes to that subset. */
function bySubset(host: string): JsonObject {
  const of = (subset: string) => ({ match: [{ headers: { subset: { exact: subset } } }], route: [{ destination: { host, subset } }] });
  return virtualService(host, [of('v1'), of('v2'), of('all')]);
}

const to = (subset: string) => ({ headers: { subset } });

/** How many backends got requests of one user. */
async function homes(row: Row, port: number, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const answers = await row.sendMany(12, { port, headers: { ...headers, 'x-user': 'one' } });
  return new Set(answers.map(({ body }) => body)).size;
}

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('a DestinationRule', { timeout: 60_000 }, () => {
  beforeAll(() => mesh.start(), 180_000);
  afterAll(() => mesh.stop());

  it(
    'has another policy for a port in portLevelSettings',
    mesh.row(
      ({ host, otherPort }) => [
        destinationRule(host, [], { ...byHeader, portLevelSettings: [{ port: { number: otherPort }, ...inTurn }] }),
      ],
      async (row) => expect([await homes(row, row.port), await homes(row, row.otherPort)]).toEqual([1, 2]),
    ),
  );

  it(
    'has another policy for a subset',
    mesh.row(
      ({ host }) => [
        bySubset(host),
        istio('DestinationRule', host, {
          host,
          trafficPolicy: inTurn,
          subsets: [{ name: 'all', labels: { app: 'web' }, trafficPolicy: byHeader }],
        }),
      ],
      async (row) => expect(await homes(row, row.port, { subset: 'all' })).toBe(1),
    ),
  );

  it(
    'is one with others for its host in its namespace',
    mesh.row(
      ({ host }) => [bySubset(host), rule(`${host}-a`, { host, versions: ['v1'] }), rule(`${host}-b`, { host, versions: ['v2'] })],
      async (row) => expect([await row.version(to('v1')), await row.version(to('v2'))]).toEqual(['v1', 'v2']),
    ),
  );

  it(
    'is for the proxies of its workloadSelector',
    mesh.row(
      ({ host }) => [
        bySubset(host),
        rule(`${host}-a`, { host, versions: ['v1'], workloadSelector: { matchLabels: { app: 'other' } } }),
        rule(`${host}-b`, { host, versions: ['v2'], workloadSelector: { matchLabels: { app: 'client' } } }),
      ],
      async (row) => expect([await row.version(to('v1')), await row.version(to('v2'))]).toEqual([expect.stringMatching(/^503 /), 'v2']),
    ),
  );

  it(
    'is found in the root namespace, but in no namespace that has nothing to do with client or service',
    mesh.row(
      ({ host }) => {
        const full = `${host}.shop.svc.cluster.local`;
        return [
          bySubset(host),
          inNamespace('other', rule(`${host}-a`, { host: full, versions: ['v1'] })),
          inNamespace('istio-system', rule(`${host}-b`, { host: full, versions: ['v2'] })),
        ];
      },
      async (row) => expect([await row.version(to('v1')), await row.version(to('v2'))]).toEqual([expect.stringMatching(/^503 /), 'v2']),
    ),
  );

  it('makes Envoy refuse nothing', async () => expect(await mesh.faults()).toEqual([0, 0]));
});
