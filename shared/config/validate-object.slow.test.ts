import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { validateObject } from './validate-object.ts';

/** As much as an API server takes: 3 MiB of JSON. */
const mostCharacters = 3 * 1024 * 1024;

/** As many items as fit. */
function full(item: (index: number) => JsonValue): readonly JsonValue[] {
  const items: JsonValue[] = [];
  for (let length = 0; length < mostCharacters; length += JSON.stringify(items.at(-1)).length + 1) items.push(item(items.length));
  return items;
}

function object(kind: string, spec: JsonObject): JsonObject {
  return { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'n', namespace: 'ns' }, spec };
}

const route = [{ destination: { host: 'web' } }];
const virtualService = (spec: JsonObject): JsonObject => object('VirtualService', { hosts: ['web'], ...spec });
const name = (index: number): string => index.toString(36);

describe('an object as large as an API server takes is answered in bounded time', { timeout: 60_000 }, () => {
  it.each<[string, JsonObject, boolean]>([
    ['hosts', virtualService({ hosts: full((index) => `${name(index)}.example.com`), http: [{ route }] }), true],
    ['equal hosts', virtualService({ hosts: full(() => 'web'), http: [{ route }] }), false],
    [
      'wildcards that cover nothing of each other',
      virtualService({ hosts: full((index) => `*${name(index)}.${name(index)}x`), http: [{ route }] }),
      true,
    ],
    [
      'wildcards that cover each other',
      virtualService({ hosts: full((index) => `*${'x'.repeat(index % 200)}`), http: [{ route }] }),
      false,
    ],
    ['bad hosts', virtualService({ hosts: full(() => ''), http: [{ route }] }), false],
    [
      'prefixes with other headers each',
      virtualService({
        http: [{ match: full((index) => ({ uri: { prefix: index % 2 ? '/a' : '/' }, headers: { a: { exact: name(index) } } })), route }],
      }),
      true,
    ],
    ['equal matches', virtualService({ http: [{ match: full(() => ({ port: 80 })), route }] }), true],
    [
      'prefixes in prefixes',
      virtualService({ http: [{ match: full((index) => ({ uri: { prefix: `/${'a'.repeat(index)}` } })), route }] }),
      true,
    ],
    [
      'expressions',
      virtualService({ http: [{ match: full((index) => ({ uri: { regex: `(x{10}){100}${name(index)}` } })), route }] }),
      true,
    ],
    [
      'expressions of one large class',
      virtualService({ http: [{ match: full(() => ({ uri: { regex: '\\pL'.repeat(340) } })), route }] }),
      true,
    ],
    ['bad expressions', virtualService({ http: [{ match: full(() => ({ uri: { regex: '('.repeat(1_000) } })), route }] }), false],
    [
      'server names beside many hosts',
      virtualService({
        hosts: full((index) => `${name(index)}.example.com`).slice(0, 60_000),
        tls: [{ match: [{ sniHosts: full((index) => `${name(index)}.example.org`).slice(0, 60_000) }], route }],
      }),
      false,
    ],
    ['header values', virtualService({ http: [{ route, headers: { request: { set: { a: '%'.repeat(mostCharacters) } } } }] }), true],
    ['exportTo', virtualService({ http: [{ route }], exportTo: full(name) }), true],
    ['subsets', object('DestinationRule', { host: 'web', subsets: full((index) => ({ name: `v${name(index)}` })) }), true],
    [
      'servers',
      object('Gateway', { servers: full((index) => ({ port: { number: 80, name: name(index), protocol: 'HTTP' }, hosts: ['*'] })) }),
      true,
    ],
    ['imports', object('Sidecar', { egress: [{ hosts: full((index) => `ns/${name(index)}.example.com`) }] }), true],
    ['labels', object('WorkloadEntry', { address: '10.0.0.1', labels: { a: 'b'.repeat(mostCharacters) } }), true],
    [
      'a maglev table',
      object('DestinationRule', {
        host: 'web',
        trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, maglev: { tableSize: '18446744073709551557' } } } },
      }),
      false,
    ],
  ])('%s', (_, given, isAccepted) => {
    const { denial, errors, warnings } = validateObject(given);

    expect([denial === undefined, denial?.slice(0, 200)]).toEqual([isAccepted, isAccepted ? undefined : expect.anything()]);
    expect(errors.length + warnings.length).toBeLessThanOrEqual(1_001);
  });
});
