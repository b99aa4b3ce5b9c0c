import { describe, expect, it } from 'vitest';
import { assignmentsOf, shopScope } from '../../../test/fixtures/clusters.ts';
import { config, object, pod, type RawObject, webEndpoints, webService } from '../../../test/fixtures/kubernetes-world.ts';
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

  it("of a node-local service hold those on the caller's node", () => {
    const onNode = pod('a', '10.0.0.2', {}, { spec: { nodeName: 'n1' } });
    const scope = shopScope([webService('web', { internalTrafficPolicy: 'Local' }), onNode, ...backends.slice(1)]);

    expect(addressesOf(assignmentsOf(scope, { nodeName: 'n1' })[web])).toEqual(['10.0.0.2']);
    expect(addressesOf(assignmentsOf(scope, { nodeName: 'n2' })[web])).toEqual([]);
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

  it('are reached directly from their own network, and where it has no gateway', () => {
    const scope = shopScope(objects, { networks: { networks: { b: { gateways } } } });

    expect(addressesOf(assignmentsOf(scope, { network: 'b' })[web])).toHaveLength(3);
    expect(addressesOf(assignmentsOf(shopScope(objects))[web])).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  });
});
