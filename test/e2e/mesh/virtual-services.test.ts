import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { destinationRule, virtualService } from './objects.ts';
import { RowMesh } from './row-mesh.ts';

const mesh = new RowMesh({ subnet: '127.0.15', versions: ['v1', 'v2', 'v3'] });

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('a VirtualService', { timeout: 60_000 }, () => {
  beforeAll(() => mesh.start(), 180_000);
  afterAll(() => mesh.stop());

  it(
    'is for no sidecar, if only gateways are named',
    mesh.row(
      ({ host }) => [virtualService(host, [{ directResponse: { status: 418 } }], { gateways: ['shop/edge'] })],
      async (row) => expect(await row.version()).toMatch(/^v[123]$/),
    ),
  );

  it(
    'has routes for gateways, where mesh is every sidecar',
    mesh.row(
      ({ host }) => [
        virtualService(
          host,
          [
            { match: [{ gateways: ['shop/edge'] }], route: [{ destination: { host, subset: 'v3' } }] },
            { match: [{ gateways: ['mesh'] }], route: [{ destination: { host, subset: 'v2' } }] },
          ],
          { gateways: ['mesh', 'shop/edge'] },
        ),
        destinationRule(host, ['v2', 'v3']),
      ],
      async (row) => expect(await row.version()).toBe('v2'),
    ),
  );

  it(
    'wins over younger ones for the same host',
    mesh.row(
      ({ host }) => {
        const aged = (name: string, subset: string, creationTimestamp: string) => {
          const { metadata, ...rest } = virtualService(name, [{ route: [{ destination: { host, subset } }] }], { hosts: [host] });
          return { ...rest, metadata: { ...(metadata as JsonObject), creationTimestamp } };
        };
        return [
          aged(`${host}-a`, 'v1', '2026-02-01T00:00:00Z'),
          aged(`${host}-b`, 'v2', '2026-01-01T00:00:00Z'),
          destinationRule(host, ['v1', 'v2']),
        ];
      },
      async (row) => expect(await row.version()).toBe('v2'),
    ),
  );

  it(
    'is for all hosts under a wildcard host',
    mesh.row(
      ({ host, port }) => [
        ...['a', 'b'].map(
          (name): JsonObject => ({
            apiVersion: 'networking.istio.io/v1',
            kind: 'ServiceEntry',
            metadata: { name: `${host}-${name}`, namespace: 'shop' },
            spec: {
              hosts: [`${name}.${host}.test`],
              ports: [{ number: port, name: 'http', protocol: 'HTTP' }],
              resolution: 'STATIC',
              endpoints: [{ address: '127.0.0.1' }],
            },
          }),
        ),
        virtualService(host, [{ route: [{ destination: { host, subset: 'v2', port: { number: port } } }] }], { hosts: [`*.${host}.test`] }),
        destinationRule(host, ['v2']),
      ],
      async (row) => {
        for (const host of ['a', 'b'].map((name) => `${name}.${row.host}.test`))
          expect([host, await row.version({ host })]).toEqual([host, 'v2']);
      },
    ),
  );

  it(
    'has the matches of its delegate and of the route to it',
    mesh.row(
      ({ host }) => {
        const { spec, ...delegate } = virtualService(`${host}-inner`, [
          { match: [{ headers: { 'x-group': { exact: 'beta' } } }], route: [{ destination: { host, subset: 'v2' } }] },
          { route: [{ destination: { host, subset: 'v3' } }] },
        ]);
        const { hosts: _, ...inner } = spec as JsonObject;
        return [
          virtualService(host, [
            { match: [{ uri: { prefix: '/inner' } }], delegate: { name: `${host}-inner`, namespace: 'shop' } },
            { route: [{ destination: { host, subset: 'v1' } }] },
          ]),
          { ...delegate, spec: inner },
          destinationRule(host, ['v1', 'v2', 'v3']),
        ];
      },
      async (row) => {
        expect(await row.version({ path: '/inner', headers: { 'x-group': 'beta' } })).toBe('v2');
        expect(await row.version({ path: '/inner' })).toBe('v3');
        expect(await row.version({ headers: { 'x-group': 'beta' } })).toBe('v1');
      },
    ),
  );

  it('makes Envoy refuse nothing', async () => expect(await mesh.faults()).toEqual([0, 0]));
});
