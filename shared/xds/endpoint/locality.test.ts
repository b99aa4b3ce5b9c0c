import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Endpoint, noLocality, parseLocality } from '../../model/index.ts';
import { byLocality, type Caller, type LocalityGroup, spread } from './locality.ts';
import type { LocalitySettings } from './locality-settings.ts';

function endpoint(address: string, locality: string, more: Partial<Endpoint> = {}): Endpoint {
  return {
    address,
    additionalAddresses: [],
    servicePortName: 'http',
    port: 80,
    health: 'healthy',
    weight: 1,
    labels: {},
    namespace: 'shop',
    serviceAccount: '',
    locality: parseLocality(locality),
    network: '',
    cluster: 'Kubernetes',
    tlsMode: 'istio',
    workloadName: '',
    canonicalName: '',
    canonicalRevision: '',
    nodeName: '',
    hostname: '',
    subdomain: '',
    ...more,
  };
}

const caller: Caller = {
  locality: parseLocality('r1/z1/s1'),
  labels: {},
  network: '',
  networkView: [],
  cluster: 'Kubernetes',
  nodeName: '',
};
const world = ['r1/z1/s1', 'r1/z1/s2', 'r1/z2/s1', 'r2/z1/s1', 'r3/z1/s1'].map((place, index) => endpoint(`10.0.0.${index}`, place));

/** Priority or weight by first address. */
function spreadOf(
  endpoints: readonly Endpoint[],
  settings: LocalitySettings,
  failsOver = true,
): Readonly<Record<string, readonly [number, number]>> {
  const groups = spread(byLocality(endpoints), settings, { caller, failsOver });
  return Object.fromEntries(groups.map((group) => [group.endpoints[0]?.address ?? 'none', [group.priority, group.weight] as const]));
}

describe('failing over', () => {
  it('uses the subzone first, then zone, region and the rest, without gaps', () => {
    expect(spreadOf(world, {})).toMatchObject({
      '10.0.0.0': [0, 1],
      '10.0.0.1': [1, 1],
      '10.0.0.2': [2, 1],
      '10.0.0.3': [3, 1],
      '10.0.0.4': [3, 1],
    });
    expect(spreadOf(world.slice(2), {})).toMatchObject({ '10.0.0.2': [0, 1], '10.0.0.3': [1, 1] });
  });

  it('uses the region that the settings name before the others', () => {
    expect(spreadOf(world, { failover: [{ from: 'r1', to: 'r3' }] })).toMatchObject({ '10.0.0.3': [4, 1], '10.0.0.4': [3, 1] });
  });

  it('does not happen where nothing would ever end it', () => {
    expect(Object.values(spreadOf(world, {}, false)).every(([priority]) => priority === 0)).toBe(true);
  });

  it('by labels prefers who shares more of them, from the first one on', () => {
    const labels = { same: { a: '1', b: '2' }, first: { a: '1' }, second: { b: '2' } };
    const endpoints = Object.entries(labels).map(([address, own]) => endpoint(address, '', { labels: own }));
    const groups = spread(
      byLocality(endpoints),
      { failoverPriority: ['a', 'b'] },
      { caller: { ...caller, labels: labels.same }, failsOver: true },
    );

    expect(groups.map(({ endpoints: found, priority }) => [found[0]?.address, priority])).toEqual([
      ['same', 0],
      ['first', 1],
      ['second', 2],
    ]);
  });

  it('by labels compares with the value that a label is given, and takes two without it for equal', () => {
    const endpoints = [endpoint('v1', '', { labels: { version: 'v1' } }), endpoint('none', '')];

    expect(spreadOf(endpoints, { failoverPriority: ['version=v1'] })).toEqual({ v1: [0, 1], none: [1, 1] });
    expect(spreadOf([endpoint('none', '')], { failoverPriority: ['absent'] })).toEqual({ none: [0, 1] });
  });

  it('by labels and by region prefers the nearer one of two that share the same labels', () => {
    const places = { a: 'r2', b: 'r1', c: 'r1/z1/s1' };
    const endpoints = Object.entries(places).map(([address, place]) =>
      endpoint(address, place, { labels: address === 'c' ? {} : { v: '1' } }),
    );
    const settings = { failoverPriority: ['v=1'], failover: [{ from: 'r1', to: 'r2' }] };

    expect(spreadOf(endpoints, settings)).toEqual({ b: [0, 1], a: [1, 1], c: [2, 1] });
  });

  it('by labels takes the topology from where both run', () => {
    const near = { 'topology.kubernetes.io/region': '', 'topology.kubernetes.io/zone': '' };

    expect(spreadOf(world.slice(2, 4), { failoverPriority: Object.keys(near) })).toEqual({ '10.0.0.2': [0, 1], '10.0.0.3': [1, 1] });
  });
});

describe('distributing', () => {
  it('gives localities their share and leaves those that nobody names without endpoints', () => {
    const to = { 'r1/z1/*': 80, 'r2/*': 20 };
    const groups = spread(byLocality(world), { distribute: [{ from: 'r1/*', to }] }, { caller, failsOver: false });

    expect(groups.map(({ endpoints, weight }) => [endpoints.length, weight])).toEqual([
      [1, 40],
      [1, 40],
      [0, 1],
      [1, 20],
      [0, 1],
    ]);
  });

  it('leaves a locality that nobody names the weight of what was in it', () => {
    const two = [endpoint('a', 'r1'), endpoint('b', 'r2'), endpoint('c', 'r2')];
    const groups = spread(byLocality(two), { distribute: [{ from: 'r1', to: { r1: 100 } }] }, { caller, failsOver: false });

    expect(groups.map(({ endpoints, weight }) => [endpoints.length, weight])).toEqual([
      [1, 100],
      [0, 2],
    ]);
  });

  it.each(['r1', 'r1/', 'r1/*', 'r1/z1', 'r1/z1/', 'r1/z1/*', '*'])('takes %s for where the caller is', (from) => {
    const groups = spread(byLocality(world), { distribute: [{ from, to: { r2: 100 } }] }, { caller, failsOver: false });
    expect(groups.filter(({ endpoints }) => endpoints.length > 0)).toHaveLength(1);
  });

  it('changes nothing for callers that no share is from', () => {
    expect(spreadOf(world, { distribute: [{ from: 'r9/*', to: { 'r1/*': 100 } }] })).toEqual(spreadOf(world, {}, false));
  });
});

describe('byLocality', () => {
  it('loses no endpoint and no weight, in the order of localities', () => {
    const place = fc.constantFrom('r1', 'r1/z1', 'r2/z1/s1', '');
    const some = fc.array(fc.record({ place, weight: fc.integer({ min: 1, max: 9 }) }));

    fc.assert(
      fc.property(some, (places) => {
        const endpoints = places.map((at, index) => endpoint(String(index), at.place, { weight: at.weight }));
        const groups: readonly LocalityGroup[] = byLocality(endpoints);

        expect(groups.flatMap((group) => group.endpoints).toSorted((a, b) => Number(a.address) - Number(b.address))).toEqual(endpoints);
        expect(groups.reduce((sum, { weight }) => sum + weight, 0)).toBe(endpoints.reduce((sum, { weight }) => sum + weight, 0));
      }),
    );
  });

  it('takes unknown places for one', () => {
    expect(byLocality([endpoint('a', ''), endpoint('b', '')])).toMatchObject([{ locality: noLocality, weight: 2 }]);
  });
});
