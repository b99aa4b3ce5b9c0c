import { describe, expect, it } from 'vitest';
import { config, pod, sidecar, webEndpoints, webService, worldOf } from '../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../lib/json.ts';
import { classKeyOf } from '../snapshot/projection.ts';
import { compile } from './compile.ts';

const inShop = (spec: JsonObject, name = 'default') => config('Sidecar', name, spec);
const ports = [
  { name: 'http', port: 80 },
  { name: 'tcp', port: 90 },
];
const objects = [
  webService('web'),
  webService('api', { clusterIP: '10.96.0.2', ports }),
  webService('far', { clusterIP: '10.96.0.3', ports }, { namespace: 'other' }),
  pod('web-1', '10.0.0.1', { app: 'web' }),
  pod('api-1', '10.0.0.2', { app: 'api' }),
  webEndpoints('web', { 'web-1': '10.0.0.1' }),
];
const node = sidecar('web-1', '10.0.0.1');

/** Names of what the node gets, by kind; the catch-all ones that everybody has are left out. */
function namesOf(spec: JsonObject, more: Parameters<typeof worldOf>[0] = [], asked = node) {
  const { snapshot } = compile(worldOf([...objects, inShop(spec), ...more]), [asked]);
  const refs = snapshot.classes.get(classKeyOf(snapshot.projection, asked))?.chunks.flatMap((chunk) => chunk.refs) ?? [];
  const of = (kind: string): readonly string[] =>
    refs.filter(({ typeUrl, name }) => typeUrl.endsWith(`.${kind}`) && !everybodys.test(name)).map(({ name }) => name);
  return { clusters: of('Cluster').toSorted(), listeners: of('Listener').toSorted(), routes: of('RouteConfiguration').toSorted() };
}

const everybodys = /^(BlackHole|Passthrough|InboundPassthrough|virtual|inbound)/;
const far = 'far.other.svc.cluster.local';

describe('egress listeners of a Sidecar', () => {
  it('let in only what they name', () => {
    expect(namesOf({ egress: [{ hosts: ['other/*'] }] })).toEqual({
      clusters: [`outbound|80||${far}`, `outbound|90||${far}`],
      listeners: ['0.0.0.0_80', '10.96.0.3_90'],
      routes: ['80'],
    });
  });

  it('with a port are for that port of the services alone', () => {
    const egress = [{ port: { number: 90, protocol: 'TCP' }, hosts: ['*/*'] }];

    expect(namesOf({ egress })).toEqual({
      clusters: ['outbound|90||api.shop.svc.cluster.local', `outbound|90||${far}`],
      listeners: ['10.96.0.2_90', '10.96.0.3_90'],
      routes: [],
    });
  });

  it('are none for a port that no service has', () => {
    expect(namesOf({ egress: [{ port: { number: 9999, protocol: 'HTTP' }, hosts: ['*/*'] }] }).listeners).toEqual([]);
  });

  it.each<[string, JsonObject, readonly string[], readonly string[]]>([
    ['an address', { port: { number: 80, protocol: 'HTTP' }, bind: '127.0.0.5', captureMode: 'NONE' }, ['127.0.0.5_80'], ['80']],
    ['the loopback address without redirection', { port: { number: 80, protocol: 'HTTP' }, captureMode: 'NONE' }, ['127.0.0.1_80'], ['80']],
    [
      'a socket file',
      { port: { number: 0, protocol: 'HTTP' }, bind: 'unix:///run/o.sock' },
      ['unix:///run/o.sock_0'],
      ['unix:///run/o.sock'],
    ],
    ['the port of an HTTP proxy', { port: { number: 3128, protocol: 'HTTP_PROXY' }, bind: '127.0.0.1' }, ['127.0.0.1_3128'], ['3128']],
  ])('listen at %s', (_, listener, listeners, routes) => {
    expect(namesOf({ egress: [{ ...listener, hosts: ['./web.shop.svc.cluster.local'] }] })).toMatchObject({ listeners, routes });
  });

  it('with a port keep it to themselves', () => {
    const locked = [{ port: { number: 80, protocol: 'HTTP' }, hosts: ['other/*'] }, { hosts: ['./*'] }];
    const names = namesOf({ egress: locked });

    expect(names.listeners).toEqual(['0.0.0.0_80', '10.96.0.2_90']);
    expect(names.clusters).toContain('outbound|80||web.shop.svc.cluster.local');
  });

  it('bring clusters, but no listeners, for what their VirtualServices route to', () => {
    const route = [{ destination: { host: far, port: { number: 90 } } }];
    const rule = config('VirtualService', 'web', { hosts: ['web'], http: [{ route }] });

    expect(namesOf({ egress: [{ hosts: ['./web.shop.svc.cluster.local'] }] }, [rule])).toEqual({
      clusters: ['outbound|80||web.shop.svc.cluster.local', `outbound|90||${far}`],
      listeners: ['0.0.0.0_80'],
      routes: ['80'],
    });
  });
});

describe('classes under Sidecars', () => {
  const narrow = inShop({ workloadSelector: { labels: { team: 'a' } }, egress: [{ hosts: ['~/*'] }] }, 'narrow');
  const team = (name: string, ip: string, value: string) => pod(name, ip, { app: 'web', team: value });
  const pods = [team('web-a', '10.0.1.1', 'a'), team('web-b', '10.0.1.2', 'b'), team('web-c', '10.0.1.3', 'c')];
  const asked = [sidecar('web-a', '10.0.1.1'), sidecar('web-b', '10.0.1.2'), sidecar('web-c', '10.0.1.3')];

  it('are split by what a Sidecar selects, not by the labels that it names', () => {
    const { snapshot, counts } = compile(worldOf([...objects, narrow, ...pods]), asked);
    const [a, b, c] = asked.map((one) => classKeyOf(snapshot.projection, one));

    expect(counts.classes).toBe(2);
    expect(b).toBe(c);
    expect(a).not.toBe(b);
  });

  it('select by the labels of the node where the registry does not know the pod', () => {
    const unknown = sidecar('new-1', '10.0.9.9', { LABELS: { app: 'web', team: 'a' } });

    expect(namesOf({}, [narrow], unknown).listeners).toEqual([]);
    expect(namesOf({}, [narrow], sidecar('new-2', '10.0.9.8', { LABELS: { app: 'web', team: 'b' } })).listeners).not.toEqual([]);
  });

  it('share outbound chunks where one Sidecar is for all', () => {
    const nodes = [node, sidecar('api-1', '10.0.0.2')];
    const { snapshot } = compile(worldOf([...objects, inShop({ egress: [{ hosts: ['./*'] }] })]), nodes);
    const [left, right] = [...snapshot.classes.values()].map(({ chunks }) => chunks.map(({ id }) => id));

    expect(left?.filter((id) => right?.includes(id))).toHaveLength(4);
  });
});

describe('a changed Sidecar', () => {
  it.each<[string, JsonObject]>([
    ['hosts', { egress: [{ hosts: ['other/*'] }] }],
    ['a place', { egress: [{ hosts: ['./*'], port: { number: 80, protocol: 'HTTP' }, bind: '127.0.0.1' }] }],
    ['what happens to other traffic', { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }],
    ['an egress proxy', { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'web' } } }],
    ['inbound ports', { egress: [{ hosts: ['./*'] }], ingress: [{ port: { number: 8080, protocol: 'HTTP' }, captureMode: 'NONE' }] }],
    ['inbound limits', { egress: [{ hosts: ['./*'] }], inboundConnectionPool: { tcp: { maxConnections: 7 } } }],
  ])('by %s gives after an earlier compile what it gives from scratch', (_, spec) => {
    const before = compile(worldOf([...objects, inShop({ egress: [{ hosts: ['./*'] }] })]), [node]);
    const world = worldOf([...objects, inShop(spec)]);
    const after = compile(world, [node], before.memo);

    expect(after.snapshot).toEqual(compile(world, [node]).snapshot);
    expect(after.counts.chunksBuilt).toBeGreaterThan(0);
  });
});
