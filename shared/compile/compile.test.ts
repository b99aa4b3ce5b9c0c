import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { config, pod, sidecar, webEndpoints, webService, worldOf } from '../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../lib/json.ts';
import { classKeyOf } from '../snapshot/projection.ts';
import { type CompileResult, compile } from './compile.ts';
import type { World } from './world.ts';

const rule = config('DestinationRule', 'web', { host: 'web', subsets: [{ name: 'v1', labels: { version: 'v1' } }] });
const route = config('VirtualService', 'web', { hosts: ['web'], http: [{ route: [{ destination: { host: 'web', subset: 'v1' } }] }] });
const objects = [
  webService('web'),
  webService('api', { clusterIP: '10.96.0.2' }),
  pod('web-1', '10.0.0.1', { app: 'web', version: 'v1' }),
  pod('web-2', '10.0.0.2', { app: 'web', version: 'v1' }),
  pod('api-1', '10.0.0.3', { app: 'api' }),
  webEndpoints('web', { 'web-1': '10.0.0.1', 'web-2': '10.0.0.2' }),
  webEndpoints('api', { 'api-1': '10.0.0.3' }),
  rule,
  route,
];
const nodes = [sidecar('web-1', '10.0.0.1'), sidecar('api-1', '10.0.0.3')];

/** Name → hash of every resource that a node gets. */
function resourcesOf({ snapshot }: CompileResult, node: JsonObject): Readonly<Record<string, string>> {
  const found = snapshot.classes.get(classKeyOf(snapshot.projection, node));
  const refs = found?.chunks.flatMap((chunk) => chunk.refs) ?? [];
  return Object.fromEntries(refs.map(({ typeUrl, name, hash }) => [`${typeUrl.split('.').at(-1)} ${name}`, hash]));
}

function classOf(world: World, node: JsonObject): string {
  const { snapshot } = compile(world, [node]);
  return classKeyOf(snapshot.projection, node);
}

describe('classes', () => {
  const world = worldOf([
    ...objects,
    pod('web-3', '10.0.0.9', { app: 'web', version: 'v1', 'pod-template-hash': 'x1', note: 'y' }, { spec: { nodeName: 'n2' } }),
  ]);

  it('takes two replicas for one class: other pod, address, node, pod template and annotations', () => {
    const replica = sidecar('web-3', '10.0.0.9', { NODE_NAME: 'n2', ANNOTATIONS: { a: 'b' }, LABELS: { 'pod-template-hash': 'x1' } });

    const { counts } = compile(world, [sidecar('web-1', '10.0.0.1', { NODE_NAME: 'n1' }), replica]);

    expect(classOf(world, replica)).toBe(classOf(world, sidecar('web-1', '10.0.0.1')));
    expect(counts.classes).toBe(1);
  });

  it('is not split by a label that nothing names, known pod or not', () => {
    expect(classOf(world, sidecar('new-1', '10.0.1.1', { LABELS: { app: 'web', team: 'a' } }))).toBe(
      classOf(world, sidecar('new-2', '10.0.1.2', { LABELS: { app: 'web', team: 'b' } })),
    );
  });

  it('is split by a label that a rule names', () => {
    const only = config('DestinationRule', 'only', { host: 'api', workloadSelector: { matchLabels: { team: 'a' } } });
    const strict = worldOf([...objects, only]);

    expect(classOf(strict, sidecar('new-1', '10.0.1.1', { LABELS: { app: 'web', team: 'a' } }))).not.toBe(
      classOf(strict, sidecar('new-2', '10.0.1.2', { LABELS: { app: 'web', team: 'b' } })),
    );
  });

  it('shares all outbound chunks between the workloads of a namespace', () => {
    const { snapshot, counts } = compile(world, nodes);
    const shared = [...snapshot.classes.values()].map(({ chunks }) => chunks.map(({ id }) => id));

    expect(shared).toHaveLength(2);
    expect(shared[0]?.filter((id) => shared[1]?.includes(id))).toHaveLength(4);
    // Clusters, endpoints, routes and listeners without HTTP; the others name the workload.
    expect(counts.chunks).toBe(4 + 2 * 3);
  });

  it('refuses ambient nodes with a reason and compiles the others', () => {
    const { snapshot } = compile(worldOf(objects), [{ id: 'waypoint~10.0.0.1~w.shop~shop.svc.cluster.local' }, ...nodes]);

    expect(snapshot.classes.size).toBe(2);
    expect(snapshot.problems).toMatchObject([{ code: 'refused-node', message: 'the node is a waypoint: ambient mode is not supported' }]);
  });
});

describe('compile', () => {
  it('gives a proxy the same, alone or among others', () => {
    const together = compile(worldOf(objects), nodes);

    for (const node of nodes) expect(resourcesOf(compile(worldOf(objects), [node]), node)).toEqual(resourcesOf(together, node));
  });

  it('gives the same bytes whatever the order of objects and nodes', () => {
    const { snapshot } = compile(worldOf(objects), nodes);

    fc.assert(
      fc.property(
        fc.shuffledSubarray(objects, { minLength: objects.length }),
        fc.shuffledSubarray(nodes, { minLength: 2 }),
        (some, asked) => {
          const shuffled = compile(worldOf(some), asked).snapshot;

          expect(shuffled.classes).toEqual(snapshot.classes);
          expect(shuffled.projection).toEqual(snapshot.projection);
          expect(shuffled.problems).toEqual(snapshot.problems);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('leaves out what cannot be read, with a problem on the object, and builds the rest', () => {
    const broken = config('VirtualService', 'broken', { hosts: ['api'], http: [{ timeout: 'soon' }] });
    const { snapshot } = compile(worldOf([...objects, broken]), nodes);

    expect(snapshot.problems).toMatchObject([{ severity: 'error', object: 'VirtualService shop/broken', path: 'spec.http[0].timeout' }]);
    expect(snapshot.classes).toEqual(compile(worldOf(objects), nodes).snapshot.classes);
  });

  it('names the objects that a resource was made from', () => {
    const result = compile(worldOf(objects), nodes);
    const hash = resourcesOf(result, nodes[0] ?? {})['Cluster outbound|80|v1|web.shop.svc.cluster.local'];

    expect([...result.snapshot.origins].find(([key]) => key === hash)?.[1]).toEqual([
      { kind: 'DestinationRule', namespace: 'shop', name: 'web' },
      { kind: 'Service', namespace: 'shop', name: 'web' },
    ]);
  });
});

describe('a compile after another', () => {
  const before = compile(worldOf(objects), nodes);
  const changes = {
    'a route': [
      config('VirtualService', 'web', { hosts: ['web'], http: [{ timeout: '3s', route: [{ destination: { host: 'web' } }] }] }),
      1,
    ],
    'an endpoint': [webEndpoints('web', { 'web-1': '10.0.0.1' }), 1],
    'a service': [webService('web', { clusterIP: '10.96.0.7' }), 8],
  } as const;

  it('builds nothing if nothing changed', () => {
    const again = compile(worldOf(objects), nodes, before.memo);

    expect(again.counts).toMatchObject({ chunksBuilt: 0, resourcesEncoded: 0 });
    expect(again.snapshot).toEqual(before.snapshot);
  });

  it.each(Object.entries(changes))('builds what %s changes, and gives the same as one from scratch', (_, [changed, built]) => {
    const next = objects.map((known) => (known.kind === changed.kind && known.name === changed.name ? changed : known));
    const after = compile(worldOf(next), nodes, before.memo);

    expect(after.snapshot).toEqual(compile(worldOf(next), nodes).snapshot);
    expect(after.counts.chunksBuilt).toBe(built);
  });
});
