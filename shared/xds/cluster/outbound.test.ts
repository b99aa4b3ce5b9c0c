import { describe, expect, it } from 'vitest';
import { clusterKey, clustersOf, shopScope } from '../../../test/fixtures/clusters.ts';
import { config, pod, type RawObject, webEndpoints, webService } from '../../../test/fixtures/kubernetes-world.ts';
import { meshDefaults } from '../../config/mesh/mesh-config.ts';
import type { JsonObject } from '../../lib/json.ts';

const web = 'outbound|80||web.shop.svc.cluster.local';
const backends = [pod('a', '10.0.0.1', { app: 'web' }, { spec: { serviceAccountName: 'sa' } }), webEndpoints('web', { a: '10.0.0.1' })];
const rule = (spec: JsonObject): RawObject => config('DestinationRule', 'web', { host: 'web', ...spec });
const policy = (trafficPolicy: JsonObject): RawObject => rule({ trafficPolicy });

function webCluster(...others: readonly RawObject[]): JsonObject {
  return clustersOf(shopScope([webService('web'), ...backends, ...others]))[web] ?? {};
}

/** Of its transport sockets the names and, of TLS, the context. */
function contextOf(socket: unknown): JsonObject {
  return (socket as { readonly typedConfig: JsonObject }).typedConfig;
}

describe('outbound clusters', () => {
  it('are one for each port and subset, and the two that take the rest', () => {
    const objects = [
      webService('web', { ports: [{ port: 80 }, { port: 81, protocol: 'UDP' }, { port: 82 }] }),
      rule({ subsets: [{ name: 'v1' }] }),
    ];

    expect(Object.keys(clustersOf(shopScope(objects))).sort()).toEqual([
      'BlackHoleCluster',
      'PassthroughCluster',
      'outbound|80|v1|web.shop.svc.cluster.local',
      web,
      'outbound|82|v1|web.shop.svc.cluster.local',
      'outbound|82||web.shop.svc.cluster.local',
    ]);
  });

  it('of a gateway never pass on to an address', () => {
    expect(Object.keys(clustersOf(shopScope([]), { type: 'router' }))).toEqual(['BlackHoleCluster']);
  });

  it('wait for their endpoints over the same stream', () => {
    expect(webCluster()).toMatchObject({
      type: 'EDS',
      edsClusterConfig: { serviceName: web, edsConfig: { ads: {}, initialFetchTimeout: '0s', resourceApiVersion: 'V3' } },
      commonLbConfig: { healthyPanicThreshold: {} },
    });
  });

  it('name their rule, subset and service in metadata', () => {
    const clusters = clustersOf(shopScope([webService('web'), rule({ subsets: [{ name: 'v1' }] })]));

    expect(clusters['outbound|80|v1|web.shop.svc.cluster.local']?.['metadata']).toEqual({
      filterMetadata: {
        istio: {
          config: '/apis/networking.istio.io/v1/namespaces/shop/destination-rule/web',
          subset: 'v1',
          services: [{ host: 'web.shop.svc.cluster.local', name: 'web', namespace: 'shop' }],
        },
      },
    });
  });

  it('exchange metadata only where Envoy has the filter', () => {
    const scope = shopScope([webService('web')]);

    expect(clustersOf(scope)[web]?.['filters']).toHaveLength(1);
    expect(clustersOf(scope, { hasIstioExtensions: false })[web]).not.toHaveProperty('filters');
  });

  it('take limits, times and keepalive of the connection pool', () => {
    const tcp = { maxConnections: 7, connectTimeout: '30ms', tcpKeepalive: { time: '60s', interval: '5s', probes: 3 } };

    expect(
      webCluster(policy({ connectionPool: { tcp, http: { http1MaxPendingRequests: 1, http2MaxRequests: 2, maxRetries: 3 } } })),
    ).toMatchObject({
      connectTimeout: '0.030s',
      circuitBreakers: { thresholds: [{ maxConnections: 7, maxPendingRequests: 1, maxRequests: 2, maxRetries: 3 }] },
      upstreamConnectionOptions: { tcpKeepalive: { keepaliveTime: 60, keepaliveInterval: 5, keepaliveProbes: 3 } },
    });
  });

  it('limit retries to a share of the requests where the rule says so', () => {
    expect(webCluster(policy({ retryBudget: {} }))['circuitBreakers']).toMatchObject({
      thresholds: [{ retryBudget: { budgetPercent: { value: 20 }, minRetryConcurrency: 3 } }],
    });
  });

  it('go where the caller wanted to go for headless services and load balancer PASSTHROUGH', () => {
    const headless = clustersOf(shopScope([webService('web', { clusterIP: 'None' })]))[web];

    expect(headless).toMatchObject({ type: 'ORIGINAL_DST', lbPolicy: 'CLUSTER_PROVIDED' });
    expect(webCluster(policy({ loadBalancer: { simple: 'PASSTHROUGH' } }))).toMatchObject({
      type: 'ORIGINAL_DST',
      lbPolicy: 'CLUSTER_PROVIDED',
    });
  });

  it('heed the weights of localities where the rule distributes', () => {
    const localityLbSetting = { distribute: [{ from: '*', to: { r: 100 } }] };

    expect(webCluster(policy({ loadBalancer: { localityLbSetting } }))['commonLbConfig']).toEqual({
      healthyPanicThreshold: {},
      localityWeightedLbConfig: {},
    });
  });
});

describe('mutual TLS', () => {
  it('is the choice of the endpoint where no rule says anything', () => {
    const [istio, plain] = webCluster()['transportSocketMatches'] as readonly JsonObject[];

    expect(istio).toMatchObject({ name: 'tlsMode-istio', match: { tlsMode: 'istio' } });
    expect(contextOf(istio?.['transportSocket'])).toMatchObject({
      sni: 'outbound_.80_._.web.shop.svc.cluster.local',
      commonTlsContext: {
        alpnProtocols: ['istio-peer-exchange', 'istio'],
        combinedValidationContext: {
          defaultValidationContext: { matchSubjectAltNames: [{ exact: 'spiffe://cluster.local/ns/shop/sa/sa' }] },
        },
      },
    });
    expect(plain).toMatchObject({ name: 'tlsMode-disabled', match: {} });
  });

  it('offers HTTP/2 where the cluster speaks it', () => {
    const [istio] = webCluster(policy({ connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } }))[
      'transportSocketMatches'
    ] as readonly JsonObject[];

    expect(contextOf(istio?.['transportSocket'])).toMatchObject({
      commonTlsContext: { alpnProtocols: ['istio-peer-exchange', 'istio', 'h2'] },
    });
  });

  it('is one socket for all where the caller chooses the endpoint, and none if one endpoint lacks it', () => {
    const headless = webService('web', { clusterIP: 'None' });
    const plain = pod('a', '10.0.0.1', { 'security.istio.io/tlsMode': 'disabled' });

    expect(clustersOf(shopScope([headless, ...backends]))[web]).toHaveProperty('transportSocket');
    expect(clustersOf(shopScope([headless, plain, ...backends.slice(1)]))[web]).not.toHaveProperty('transportSocket');
    expect(clustersOf(shopScope([headless]))[web]).not.toHaveProperty('transportSocket');
  });

  it('is off where the mesh turns it off', () => {
    const scope = shopScope([webService('web'), ...backends], { config: { ...meshDefaults, enableAutoMtls: false } });

    expect(clustersOf(scope)[web]).not.toHaveProperty('transportSocketMatches');
  });

  it('takes certificates of the proxy’s disk where it names some', () => {
    const clientCertificate = { chain: '/c', key: '/k', root: '/r' };
    const cluster = clustersOf(shopScope([webService('web'), ...backends]), { ...clusterKey, clientCertificate })[web];

    expect(contextOf(cluster?.['transportSocket'])).toMatchObject({
      commonTlsContext: {
        tlsCertificateSdsSecretConfigs: [{ name: 'file-cert:/c~/k' }],
        combinedValidationContext: { validationContextSdsSecretConfig: { name: 'file-root:/r' } },
      },
    });
  });

  it.each([
    ['DISABLE', {}, undefined],
    ['ISTIO_MUTUAL', { sni: 'own.sni' }, { sni: 'own.sni' }],
  ])('by rule %s is the same for all endpoints', (mode, more, expected) => {
    const cluster = webCluster(policy({ tls: { mode, ...more } }));

    expect(cluster).not.toHaveProperty('transportSocketMatches');
    if (expected === undefined) expect(cluster).not.toHaveProperty('transportSocket');
    else expect(contextOf(cluster['transportSocket'])).toMatchObject(expected);
  });
});

describe('TLS of the service’s own', () => {
  it('checks the host of the request where neither server name nor names are given', () => {
    const cluster = webCluster(policy({ tls: { mode: 'SIMPLE' } }));

    expect(contextOf(cluster['transportSocket'])).toMatchObject({
      commonTlsContext: { combinedValidationContext: { validationContextSdsSecretConfig: { name: 'file-root:system' } } },
    });
    expect(JSON.stringify(cluster['typedExtensionProtocolOptions'])).toContain('"autoSni":true,"autoSanValidation":true');
    expect(cluster['metadata']).toMatchObject({ filterMetadata: { istio: { alpn_override: 'false' } } });
  });

  it('checks the given names, with the given roots, certificate and server name', () => {
    const files = { clientCertificate: '/c', privateKey: '/k', caCertificates: '/ca' };
    const cluster = webCluster(policy({ tls: { mode: 'MUTUAL', sni: 'x.example.com', subjectAltNames: ['a'], ...files } }));

    expect(contextOf(cluster['transportSocket'])).toMatchObject({
      sni: 'x.example.com',
      commonTlsContext: {
        tlsCertificateSdsSecretConfigs: [{ name: 'file-cert:/c~/k' }],
        combinedValidationContext: {
          defaultValidationContext: { matchSubjectAltNames: [{ exact: 'a' }] },
          validationContextSdsSecretConfig: { name: 'file-root:/ca' },
        },
      },
    });
    expect(cluster).not.toHaveProperty('typedExtensionProtocolOptions');
  });

  it('checks nothing where the rule says so', () => {
    const cluster = webCluster(policy({ tls: { mode: 'SIMPLE', insecureSkipVerify: true } }));

    expect(contextOf(cluster['transportSocket'])).toMatchObject({ commonTlsContext: { validationContext: {} } });
  });

  it('takes Kubernetes secrets only for rules that select their workloads', () => {
    const tls = { mode: 'MUTUAL', credentialName: 'cred' };
    const selecting = rule({ trafficPolicy: { tls }, workloadSelector: { matchLabels: { app: 'client' } } });
    const scope = shopScope([webService('web'), ...backends, selecting]);

    expect(webCluster(policy({ tls }))).not.toHaveProperty('transportSocket');
    expect(contextOf(clustersOf(scope, { labels: { app: 'client' } })[web]?.['transportSocket'])).toMatchObject({
      commonTlsContext: {
        tlsCertificateSdsSecretConfigs: [{ name: 'kubernetes://cred', sdsConfig: { ads: {} } }],
        combinedValidationContext: { validationContextSdsSecretConfig: { name: 'kubernetes://cred-cacert' } },
      },
    });
  });

  it('goes behind a PROXY header where the rule asks for one', () => {
    const cluster = webCluster(policy({ tls: { mode: 'DISABLE' }, proxyProtocol: { version: 'V2' } }));

    expect(contextOf(cluster['transportSocket'])).toMatchObject({
      config: { version: 'V2' },
      transportSocket: { name: 'envoy.transport_sockets.raw_buffer' },
    });
  });
});

describe('clusters of ServiceEntries', () => {
  const entry = (spec: JsonObject): RawObject =>
    config('ServiceEntry', 'ext', { hosts: ['api.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], ...spec });

  it('look names up, with the endpoints inside', () => {
    const endpoints = [{ address: 'b.example.com', weight: 2 }, { address: 'a.example.com' }];

    expect(
      clustersOf(shopScope([entry({ resolution: 'DNS', endpoints })]), { ipFamilies: 'dual' })['outbound|80||api.example.com'],
    ).toMatchObject({
      type: 'STRICT_DNS',
      dnsLookupFamily: 'ALL',
      dnsRefreshRate: '60s',
      loadAssignment: { endpoints: [{ loadBalancingWeight: 3, lbEndpoints: [{ loadBalancingWeight: 1 }, { loadBalancingWeight: 2 }] }] },
      metadata: { filterMetadata: { istio: { external: true } } },
    });
  });

  it('have none where there is nothing to look up', () => {
    expect(clustersOf(shopScope([entry({ hosts: ['*.example.com'], resolution: 'DNS' })]))).not.toHaveProperty([
      'outbound|80||*.example.com',
    ]);
  });

  it('go to the target port at the address that the caller wanted where they say so', () => {
    const ports = [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 8080 }];

    expect(clustersOf(shopScope([entry({ resolution: 'NONE', ports })]))['outbound|80||api.example.com']).toMatchObject({
      type: 'ORIGINAL_DST',
      originalDstLbConfig: { upstreamPortOverride: 8080 },
    });
  });

  it('take the endpoints of the registry in gateways, whose callers want no address', () => {
    expect(clustersOf(shopScope([entry({ resolution: 'NONE' })]), { type: 'router' })['outbound|80||api.example.com']).toMatchObject({
      type: 'EDS',
    });
  });

  it('look up each host of a wildcard when it is asked for', () => {
    const ports = [{ number: 443, name: 'tls', protocol: 'TLS' }];
    const clusters = clustersOf(shopScope([entry({ hosts: ['*.example.com'], resolution: 'DYNAMIC_DNS', ports })]));

    expect(clusters['outbound|443||*.example.com']).toMatchObject({ clusterType: { name: 'envoy.clusters.dynamic_forward_proxy' } });
  });
});
