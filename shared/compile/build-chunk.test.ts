import { describe, expect, it } from 'vitest';
import { config, sidecar, webEndpoints, webService, worldOf } from '../../test/fixtures/kubernetes-world.ts';
import { buildScope, serviceScope } from '../model/index.ts';
import { builders } from '../xds/builders.ts';
import { ChunkBuilding } from './build-chunk.ts';
import { compile } from './compile.ts';
import { digestsOf } from './digest.ts';
import { buildMesh } from './mesh.ts';
import { meshProjection, nodeFacts } from './projection.ts';
import { proxyView } from './proxy-view.ts';

const rule = config('DestinationRule', 'web', { host: 'web', subsets: [{ name: 'v1' }] });
const objects = [webService('web'), webService('api', { clusterIP: '10.96.0.2' }), webEndpoints('api', {}), rule];

describe('the scope of one service', () => {
  const whole = buildScope(buildMesh(worldOf(objects)).value, 'shop');
  const [web, api] = ['web', 'api'].map((name) => whole.services.find((service) => service.name === name));
  if (web === undefined || api === undefined) throw new Error('services are missing');
  const scope = serviceScope(whole, web, {});

  it('tells of the service what the whole scope tells', () => {
    expect(scope.services).toEqual([web]);
    expect(scope.serviceOf(web.host)).toBe(web);
    expect(scope.destinationRuleFor(web, {})).toBe(whole.destinationRuleFor(web, {}));
    expect(scope.endpointsOf(web)).toBe(whole.endpointsOf(web));
  });

  it('knows nothing of other services', () => {
    expect(scope.serviceOf(api.host)).toBeUndefined();
    expect(scope.destinationRuleFor(api, {})).toBeUndefined();
    expect(scope.endpointsOf(api)).toEqual([]);
  });
});

describe('clusters', () => {
  const clusters = builders.filter(({ name }) => name === 'outbound-clusters');
  const [shop, cart] = [sidecar('web-1', '10.0.0.1'), sidecar('web-2', '10.0.0.2', { NAMESPACE: 'cart' })];

  /** How many clusters are built for the proxies of some namespaces. */
  function builtFor(namespaces: readonly string[], world = worldOf(objects)): number {
    const { value: mesh } = buildMesh(world);
    const projected = meshProjection(mesh);
    const proxy = proxyView(nodeFacts(projected, shop), mesh, projected.services);
    if ('refused' in proxy) throw new Error(proxy.refused);
    const chunks = new ChunkBuilding(digestsOf(mesh), new Map());
    for (const namespace of namespaces)
      for (const builder of clusters) chunks.chunkOf(builder, { scope: buildScope(mesh, namespace), view: proxy.view });
    return chunks.counts.resourcesBuilt;
  }

  it('of a service are built once for all namespaces, besides the two that take the rest', () => {
    expect(builtFor(['shop'])).toBe(3 + 2);
    expect(builtFor(['shop', 'cart', 'blog'])).toBe(3 + 3 * 2);
  });

  it('are built apart for a namespace with a rule of its own', () => {
    const own = config('DestinationRule', 'own', { host: 'web.shop.svc.cluster.local' }, { namespace: 'cart' });

    expect(builtFor(['shop', 'cart'], worldOf([...objects, own]))).toBe(3 + 1 + 2 * 2);
  });

  it('of the services that a rule is not about are taken over when the rule changes', () => {
    const before = compile(worldOf(objects), [shop, cart]);
    const changed = config('DestinationRule', 'web', { host: 'web', subsets: [{ name: 'v1' }, { name: 'v2' }] });
    const world = worldOf(objects.map((object) => (object === rule ? changed : object)));

    const after = compile(world, [shop, cart], before.memo);
    const whole = compile(world, [shop, cart]);

    expect(after.snapshot).toEqual(whole.snapshot);
    expect(whole.counts.resourcesBuilt - after.counts.resourcesBuilt).toBe(1);
  });
});
