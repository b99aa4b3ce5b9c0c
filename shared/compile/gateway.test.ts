import { describe, expect, it } from 'vitest';
import { gateway, gatewayNode, gatewaySurroundings, httpRule, secret, server } from '../../test/fixtures/gateways.ts';
import { type RawObject, sidecar, worldOf } from '../../test/fixtures/kubernetes-world.ts';
import { classKeyOf } from '../snapshot/projection.ts';
import { compile } from './compile.ts';

const tls = { mode: 'SIMPLE', credentialName: 'cert' };
const edge = gateway('gw', [server(443, 'HTTPS', ['a.example.com'], { tls })]);
const rule = httpRule('a', ['a.example.com'], 'web');
const certificate = (key: string): RawObject => secret('cert', 'kubernetes.io/tls', { 'tls.crt': 'the certificate', 'tls.key': key });
const nodes = [gatewayNode(), sidecar('web-1', '10.1.0.1'), sidecar('api-1', '10.1.0.2')];
const before = [...gatewaySurroundings, edge, rule, certificate('old')];

/** Types of the resources of a node that are not what they were, after a compile that took over from an earlier one. */
function changedBy(after: readonly RawObject[], node = gatewayNode()) {
  const first = compile(worldOf(before), nodes);
  const second = compile(worldOf(after), nodes, first.memo);
  const refsOf = ({ snapshot }: typeof first) => {
    const found = snapshot.classes.get(classKeyOf(snapshot.projection, node));
    return (found?.chunks ?? []).flatMap(({ refs }) => refs);
  };
  const known = new Set(refsOf(first).map(({ hash }) => hash));
  const changed = refsOf(second).filter(({ hash }) => !known.has(hash));
  expect(second.snapshot.classes).toEqual(compile(worldOf(after), nodes).snapshot.classes);
  return { types: [...new Set(changed.map(({ typeUrl }) => typeUrl.split('.').at(-1)))], chunksBuilt: second.counts.chunksBuilt };
}

describe('of a mesh with a gateway', () => {
  it('a new key changes the secret and nothing else', () => {
    const after = [...gatewaySurroundings, edge, rule, certificate('new')];
    expect(changedBy(after)).toEqual({ types: ['Secret'], chunksBuilt: 1 });
  });

  it('a secret of another namespace changes nothing', () => {
    expect(changedBy([...before, secret('cert', 'kubernetes.io/tls', { 'tls.crt': 'x', 'tls.key': 'y' }, 'other')]).chunksBuilt).toBe(0);
  });

  it('a VirtualService of a gateway alone changes its routes, and nothing of sidecars', () => {
    const after = [...gatewaySurroundings, edge, httpRule('a', ['a.example.com'], 'api'), certificate('old')];
    expect(changedBy(after).types).toEqual(['RouteConfiguration']);
    expect(changedBy(after, sidecar('web-1', '10.1.0.1')).types).toEqual([]);
  });

  it('a Gateway for other proxies changes nothing', () => {
    const other = gateway('other', [server(80, 'HTTP', ['*'])]);
    const elsewhere = { ...other, content: { ...other.content, spec: { selector: { istio: 'other' }, servers: [] } } };
    expect(changedBy([...before, elsewhere]).chunksBuilt).toBe(0);
  });

  it('Gateways do not tell sidecars apart that nothing else tells apart', () => {
    const picky = gateway('picky', [server(80, 'HTTP', ['*'])]);
    const byPod = { ...picky, content: { ...picky.content, spec: { selector: { 'pod-template-hash': 'x' }, servers: [] } } };
    const world = worldOf([...before, byPod]);
    const { snapshot } = compile(world, nodes);
    const replicas = ['x', 'y'].map((hash) => sidecar('vm', '10.9.0.1', { LABELS: { app: 'vm', 'pod-template-hash': hash } }));
    expect(snapshot.classes.size).toBe(nodes.length);
    expect(compile(world, replicas).counts.chunks).toBe(compile(world, replicas.slice(0, 1)).counts.chunks);
  });
});
