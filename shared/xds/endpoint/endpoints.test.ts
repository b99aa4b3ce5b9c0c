import { describe, expect, it } from 'vitest';
import { assignmentsOf, shopScope } from '../../../test/fixtures/clusters.ts';
import { config, object, pod, type RawObject, webEndpoints, webService } from '../../../test/fixtures/kubernetes-world.ts';
import { meshDefaults } from '../../config/mesh/mesh-config.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../lib/json.ts';

const web = 'outbound|80||web.shop.svc.cluster.local';
const pods = [pod('a', '10.0.0.2', { app: 'web', version: 'v1' }), pod('b', '10.0.0.1', { app: 'web', version: 'v2' })];
const backends = [...pods, webEndpoints('web', { a: '10.0.0.2', b: '10.0.0.1' })];
const rule = (spec: JsonObject): RawObject => config('DestinationRule', 'web', { host: 'web', ...spec });

/** Addresses of an assignment, in its order. */
function addressesOf(assignment: JsonObject | undefined): readonly string[] {
  return lbEndpoints(assignment).map((found) => JSON.parse(JSON.stringify(found)).endpoint.address.socketAddress.address);
}

function lbEndpoints(assignment: JsonObject | undefined): readonly JsonObject[] {
  return listOf(assignment?.['endpoints']).flatMap((locality) => listOf(locality['lbEndpoints']));
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

describe('assignments', () => {
  it('hold the endpoints of their port in the order of their addresses', () => {
    const found = assignmentsOf(shopScope([webService('web'), ...backends]))[web];

    expect(addressesOf(found)).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(found).toMatchObject({ clusterName: web, endpoints: [{ loadBalancingWeight: 2 }] });
  });

  it('tell Envoy health, workload and whether the endpoint speaks mutual TLS', () => {
    const [, second] = lbEndpoints(assignmentsOf(shopScope([webService('web'), ...backends]))[web]);

    expect(second).toMatchObject({
      healthStatus: 'HEALTHY',
      metadata: {
        filterMetadata: { 'envoy.transport_socket_match': { tlsMode: 'istio' }, istio: { workload: 'a;shop;web;v1;Kubernetes' } },
      },
    });
  });

  it('are there, empty, for services without endpoints', () => {
    expect(assignmentsOf(shopScope([webService('web')]))[web]).toEqual({ clusterName: web });
  });

  it('of a subset hold the endpoints with its labels', () => {
    const found = assignmentsOf(
      shopScope([webService('web'), ...backends, rule({ subsets: [{ name: 'v1', labels: { version: 'v1' } }] })]),
    );

    expect(addressesOf(found['outbound|80|v1|web.shop.svc.cluster.local'])).toEqual(['10.0.0.2']);
  });

  it('are none for clusters that find endpoints by themselves', () => {
    const passthrough = rule({ trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } } });

    expect(assignmentsOf(shopScope([webService('web'), ...backends, passthrough]))).toEqual({});
    expect(assignmentsOf(shopScope([webService('web', { clusterIP: 'None' }), ...backends]))).toEqual({});
  });

  it.each([
    ['ISTIO_MUTUAL', true],
    ['DISABLE', false],
  ])('with a rule for TLS %s say the same of all endpoints', (mode, expected) => {
    const plain = pod('a', '10.0.0.2', { 'security.istio.io/tlsMode': 'disabled' });
    const found = assignmentsOf(shopScope([webService('web'), plain, ...backends.slice(1), rule({ trafficPolicy: { tls: { mode } } })]))[
      web
    ];

    expect(lbEndpoints(found).map((item) => JSON.stringify(item).includes('tlsMode'))).toEqual([expected, expected]);
  });

  it('hold endpoints that are not ready, for Envoy to know, unless a share of them has to be healthy', () => {
    const endpoints = [{ addresses: ['10.0.0.2'], conditions: { ready: false, terminating: false } }];
    const labels = { 'kubernetes.io/service-name': 'web' };
    const slice = object('discovery.k8s.io/v1', 'EndpointSlice', 'web-1', { ports: [{ name: 'http', port: 8080 }], endpoints }, { labels });
    const strict = rule({ trafficPolicy: { outlierDetection: { minHealthPercent: 10 } } });

    expect(lbEndpoints(assignmentsOf(shopScope([webService('web'), slice]))[web])).toMatchObject([{ healthStatus: 'UNHEALTHY' }]);
    expect(lbEndpoints(assignmentsOf(shopScope([webService('web'), slice, strict]))[web])).toEqual([]);
  });

  it.each([
    ['', []],
    ['istio.io/persistent-session', ['DRAINING']],
    ['istio.io/persistent-session-header', ['DRAINING']],
  ])('hold endpoints that are going away only where clients stick to them, by label "%s"', (label, expected) => {
    const labels = { 'kubernetes.io/service-name': 'web' };
    const endpoints = [{ addresses: ['10.0.0.2'], conditions: { ready: false, serving: true, terminating: true } }];
    const slice = object('discovery.k8s.io/v1', 'EndpointSlice', 'web-1', { ports: [{ name: 'http', port: 8080 }], endpoints }, { labels });
    const service = webService('web', {}, { labels: label === '' ? {} : { [label]: 'x' } });
    const announced = pod('a', '10.0.0.2', { 'istio.io/draining': 'true' });
    const statuses = (...objects: readonly RawObject[]) =>
      lbEndpoints(assignmentsOf(shopScope([service, ...objects]))[web]).map(({ healthStatus }) => healthStatus);

    expect(statuses(slice)).toEqual(expected);
    expect(statuses(announced, webEndpoints('web', { a: '10.0.0.2' }))).toEqual(expected);
  });

  it('of a cluster-local service hold those in the cluster of the caller', () => {
    const serviceSettings = [{ settings: { clusterLocal: true }, hosts: ['web.shop.svc.cluster.local'] }];
    const scope = shopScope([webService('web'), ...backends], { config: { ...meshDefaults, serviceSettings } });

    expect(addressesOf(assignmentsOf(scope)[web])).toHaveLength(2);
    expect(addressesOf(assignmentsOf(scope, { cluster: 'other' })[web])).toEqual([]);
  });

  it("of a node-local service hold those on the caller's node", () => {
    const onNode = pod('a', '10.0.0.2', {}, { spec: { nodeName: 'n1' } });
    const scope = shopScope([webService('web', { internalTrafficPolicy: 'Local' }), onNode, ...backends.slice(1)]);

    expect(addressesOf(assignmentsOf(scope, { nodeName: 'n1' })[web])).toEqual(['10.0.0.2']);
    expect(addressesOf(assignmentsOf(scope, { nodeName: 'n2' })[web])).toEqual([]);
  });
});

describe('weights', () => {
  it('never exceed what Envoy can hold together', () => {
    const weight = 4_294_967_295;
    const entry = config('ServiceEntry', 'ext', {
      hosts: ['api.example.com'],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'STATIC',
      endpoints: [
        { address: '1.2.3.4', weight },
        { address: '1.2.3.5', weight },
      ],
    });

    expect(assignmentsOf(shopScope([entry]))['outbound|80||api.example.com']).toMatchObject({
      endpoints: [{ loadBalancingWeight: weight }],
    });
  });
});

describe('endpoints in other networks', () => {
  const far = (name: string, ip: string, tlsMode = 'istio'): RawObject =>
    pod(name, ip, { 'topology.istio.io/network': 'b', 'security.istio.io/tlsMode': tlsMode });
  const objects = [
    webService('web'),
    pod('near', '10.0.0.1'),
    far('far', '10.0.0.2'),
    far('plain', '10.0.0.3', 'disabled'),
    webEndpoints('web', { near: '10.0.0.1', far: '10.0.0.2', plain: '10.0.0.3' }),
  ];
  const gateways = [
    { address: '198.18.0.1', port: 15443 },
    { address: '198.18.0.2', port: 15443 },
  ];

  it('are reached through its gateways by mutual TLS, which share their weight', () => {
    const found = assignmentsOf(shopScope(objects, { networks: { networks: { b: { gateways } } } }))[web];

    expect(addressesOf(found)).toEqual(['10.0.0.1', '198.18.0.1', '198.18.0.2']);
    expect(lbEndpoints(found).map((item) => item['loadBalancingWeight'])).toEqual([2, 1, 1]);
    expect(found).toMatchObject({ endpoints: [{ loadBalancingWeight: 4 }] });
  });

  it('scale the weights of every service, so that all share one measure', () => {
    const others = [webService('db'), webEndpoints('db', { near: '10.0.0.1' })];
    const found = assignmentsOf(shopScope([...objects, ...others], { networks: { networks: { b: { gateways } } } }));

    expect(found['outbound|80||db.shop.svc.cluster.local']).toMatchObject({ endpoints: [{ loadBalancingWeight: 2 }] });
  });

  it.each([
    [{ labels: { 'topology.istio.io/network': 'b' } }, {}, 15443],
    [{ labels: { 'topology.istio.io/network': 'b', 'networking.istio.io/gatewayPort': '443' } }, {}, 443],
    [{}, { b: { gateways: [{ registryServiceName: 'eastwest.shop.svc.cluster.local', port: 444 }] } }, 444],
  ])('are reached through a service of type LoadBalancer with %j, networks %j', (metadata, networks, port) => {
    const service = webService('eastwest', { type: 'LoadBalancer', externalIPs: ['198.18.0.2'] }, metadata);
    const status = { loadBalancer: { ingress: [{ ip: '198.18.0.1' }, { hostname: 'lb.example.com' }] } };
    const gateway = { ...service, content: { ...service.content, status } };
    const found = assignmentsOf(shopScope([...objects, gateway], { networks: { networks } }))[web];

    expect(addressesOf(found)).toEqual(['10.0.0.1', '198.18.0.1', '198.18.0.2']);
    expect(JSON.stringify(found)).toContain(`"portValue":${port}`);
    expect(JSON.stringify(found)).toContain(';;;;Kubernetes');
  });

  it('are not there for callers that want to see other networks alone', () => {
    expect(addressesOf(assignmentsOf(shopScope(objects), { networkView: ['c'] })[web])).toEqual(['10.0.0.1']);
    expect(addressesOf(assignmentsOf(shopScope(objects), { networkView: ['b', 'c'] })[web])).toHaveLength(3);
  });

  it('are reached directly from their own network, and where it has no gateway', () => {
    const scope = shopScope(objects, { networks: { networks: { b: { gateways } } } });

    expect(addressesOf(assignmentsOf(scope, { network: 'b' })[web])).toHaveLength(3);
    expect(addressesOf(assignmentsOf(shopScope(objects))[web])).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  });
});
