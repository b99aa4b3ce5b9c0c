import { describe, expect, it } from 'vitest';
import { config, object, pod, sidecar, webEndpoints, webService, worldOf } from '../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../lib/json.ts';
import type { RawObject } from '../sources/kubernetes/objects.ts';
import { buildMesh } from './mesh.ts';
import { meshProjection, nodeFacts } from './projection.ts';
import { proxyView, type RefusedNode, type ViewedProxy } from './proxy-view.ts';
import { targetName } from './targets.ts';

function viewed(node: JsonObject, objects: readonly RawObject[] = [webService('web')]): ViewedProxy | RefusedNode {
  const mesh = buildMesh(worldOf(objects)).value;
  const projected = meshProjection(mesh);
  return proxyView(nodeFacts(projected, node), mesh, projected.services);
}

/** Names of the ports that the proxy serves. */
function targetsOf(node: JsonObject, objects: readonly RawObject[]): readonly string[] {
  const found = viewed(node, objects);
  return 'view' in found ? found.view.serviceTargets.map(targetName) : [];
}

const plain = sidecar('web-1', '10.0.0.1');
const withMetadata = (metadata: JsonObject): JsonObject => sidecar('web-1', '10.0.0.1', metadata);

describe('the view of a proxy', () => {
  it('has defaults for what the node does not say', () => {
    expect(viewed(plain)).toMatchObject({
      namespace: 'shop',
      view: {
        type: 'sidecar',
        dnsDomain: 'shop.svc.cluster.local',
        interception: 'REDIRECT',
        ipFamilies: 'v4',
        canonicalRevision: 'latest',
        ownPorts: [],
        hasIstioExtensions: true,
        mutualTls: { mode: 'PERMISSIVE' },
      },
    });
    expect(viewed(plain)).not.toHaveProperty('view.proxyConfig');
  });

  it.each<[JsonObject, JsonObject]>([
    [{ INTERCEPTION_MODE: 'TPROXY' }, { interception: 'TPROXY' }],
    [{ DNS_CAPTURE: 'true' }, { capturesDns: true, takesAutoAddresses: true }],
    [{ HTTP10: '1' }, { acceptsHttp10: true }],
    [{ IDLE_TIMEOUT: '42s' }, { idleTimeout: '42s' }],
    [{ INBOUND_LISTENER_EXACT_BALANCE: 'true' }, { exactBalance: { inbound: true, outbound: false } }],
    [{ TLS_CLIENT_CERT_CHAIN: '/c', TLS_CLIENT_KEY: '/k' }, { clientCertificate: { chain: '/c', key: '/k', root: '' } }],
    [{ ENVOY_STATUS_PORT: 15021, ENVOY_PROMETHEUS_PORT: '15090' }, { ownPorts: [15021, 15090] }],
    [{ ENVOY_SECURE_MERGED_METRICS_PORT: '15092' }, { ownPorts: [15092] }],
    [{ HTTP_PROXY_PORT: '15002' }, { httpProxyPort: 15002 }],
    [{ HTTP_PROXY_PORT: 'many' }, { httpProxyPort: 0 }],
    [{ ISTIO_VERSION: '1.27.0' }, { version: '' }],
    [{ ISTIO_VERSION: '1.29.3' }, { version: '1.29.2' }],
    [{ ISTIO_VERSION: 'dev' }, { version: '1.30' }],
    [{ INSTANCE_IPS: 'fd00::1' }, { ipFamilies: 'v6' }],
    [{ INSTANCE_IPS: '10.0.0.1,fd00::1' }, { ipFamilies: 'v4' }],
    [{ PROXY_CONFIG: { concurrency: 2 } }, { proxyConfig: {} }],
    [{ PROXY_CONFIG: { proxyHeaders: { preserveHttp1HeaderCase: true } } }, { preservesHeaderCase: true }],
    [{ LABELS: { 'service.istio.io/canonical-name': 'web' } }, { canonicalName: 'web' }],
    [
      { LABELS: { app: 'web' }, WORKLOAD_NAME: 'w' },
      { canonicalName: '', canonicalRevision: 'latest' },
    ],
  ])('of metadata %j has %j', (metadata, expected) => {
    expect(viewed(withMetadata(metadata))).toMatchObject({ view: expected });
  });

  it('has its cluster’s name only where spans are sent by a provider of the mesh', () => {
    const world = worldOf([webService('web')]);
    const traced = { ...world, config: { ...world.config, defaultProviders: { tracing: ['otel'] } } };
    const clusters = [world, traced].map((one) => {
      const mesh = buildMesh(one).value;
      const projected = meshProjection(mesh);
      return proxyView(nodeFacts(projected, { ...plain, cluster: 'web.shop' }), mesh, projected.services);
    });

    expect(clusters).toMatchObject([{ view: { nodeCluster: '' } }, { view: { nodeCluster: 'web.shop' } }]);
  });

  it("knows Istio's Envoy by its extensions; one that lists none is taken for it", () => {
    expect(viewed({ ...plain, extensions: [{ name: 'envoy.filters.http.router' }] })).toMatchObject({
      view: { hasIstioExtensions: false },
    });
    expect(viewed({ ...plain, extensions: [{ name: 'istio.stats' }] })).toMatchObject({ view: { hasIstioExtensions: true } });
  });

  it('has a place only where something depends on it', () => {
    const node = object('v1', 'Node', 'n1', {}, { namespace: '', labels: { 'topology.kubernetes.io/region': 'r' } });
    const objects = [
      node,
      pod('web-1', '10.0.0.1', { app: 'web' }, { spec: { nodeName: 'n1' } }),
      webEndpoints('web', { 'web-1': '10.0.0.1' }),
    ];
    const shown = withMetadata({ NODE_NAME: 'n1' });

    expect(viewed(shown, [webService('web'), ...objects])).toMatchObject({ view: { nodeName: '', locality: { region: '' } } });
    expect(viewed(shown, [webService('web', { internalTrafficPolicy: 'Local' }), ...objects])).toMatchObject({ view: { nodeName: 'n1' } });
    expect(viewed(shown, [webService('web', { trafficDistribution: 'PreferClose' }), ...objects])).toMatchObject({
      view: { locality: { region: 'r' } },
    });
  });

  it.each([
    ['ztunnel~10.0.0.1~z.a~a.svc.cluster.local', 'ambient'],
    ['web', 'TYPE~IP~NAME.NAMESPACE~DOMAIN'],
    ['sidecar~10.0.0.1~web~', 'no namespace'],
  ])('of %s does not exist', (id, reason) => {
    expect(viewed({ id })).toMatchObject({ refused: expect.stringContaining(reason) });
  });
});

describe('the services that a proxy serves', () => {
  const named = webService('web', { ports: [{ name: 'http', port: 80, targetPort: 'web' }] });
  const target = 'shop/web.shop.svc.cluster.local:80:8080';

  it('are those that pick its pod, with the port numbers of the pod', () => {
    const containers = [{ name: 'app', ports: [{ name: 'web', containerPort: 8080 }] }];
    const known = pod('web-1', '10.0.0.1', { app: 'web' }, { spec: { containers } });

    expect(targetsOf(plain, [named, known])).toEqual([target]);
    expect(targetsOf(plain, [named, pod('web-1', '10.0.0.1', { app: 'web' })])).toEqual([]);
  });

  it('are those that its own words fall under where the pod is not known', () => {
    const words = { LABELS: { app: 'web' }, POD_PORTS: '[{"name":"web","containerPort":8080,"protocol":"TCP"}]' };

    expect(targetsOf(withMetadata(words), [named])).toEqual([target]);
    expect(targetsOf(withMetadata({ ...words, POD_PORTS: 'nonsense' }), [named])).toEqual([]);
  });

  it('are ServiceEntries of its namespace that have its address', () => {
    const entry = (namespace: string): RawObject =>
      config(
        'ServiceEntry',
        'vm',
        {
          hosts: ['vm.example.com'],
          resolution: 'STATIC',
          ports: [{ number: 80, name: 'http', targetPort: 8080 }],
          endpoints: [{ address: '10.0.0.1' }],
        },
        { namespace },
      );

    expect(targetsOf(plain, [entry('shop')])).toEqual(['shop/vm.example.com:80:8080']);
    expect(targetsOf(plain, [entry('other')])).toEqual([]);
  });
});
