import { describe, expect, it } from 'vitest';
import { object, pod, webEndpoints, webService } from '../../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { Endpoint, Service } from '../../model/index.ts';
import { decodeKubernetesObjects, type RawObject } from './objects.ts';
import { kubernetesRegistry, type RegistryContent, type RegistrySettings } from './registry.ts';

const settings: RegistrySettings = {
  cluster: 'Kubernetes',
  network: 'home',
  domain: 'cluster.local',
  trustDomain: 'cluster.local',
  defaultExportTo: ['*'],
  isDualStack: false,
  networkOf: (address) => (address.startsWith('10.2.') ? 'b' : ''),
};

function registry(objects: readonly RawObject[], more: Partial<RegistrySettings> = {}): RegistryContent {
  const { value, problems } = decodeKubernetesObjects(objects);
  expect(problems).toEqual([]);
  return kubernetesRegistry(value, { ...settings, ...more });
}

function serviceOf(spec: JsonObject, metadata: JsonObject = {}): Service | undefined {
  return registry([webService('web', spec, metadata)]).services[0];
}

function endpointsOf(objects: readonly RawObject[], more: Partial<RegistrySettings> = {}): readonly Endpoint[] {
  return registry([webService('web'), ...objects], more).endpoints.get('shop/web.shop.svc.cluster.local') ?? [];
}

/** The only endpoint of a slice, with these fields. */
function slice(endpoint: JsonObject, fields: JsonObject = {}): RawObject {
  const endpoints = [{ addresses: ['10.0.0.1'], conditions: {}, ...endpoint }];
  const ports = [{ name: 'http', port: 8080 }];
  const metadata = { labels: { 'kubernetes.io/service-name': 'web' } };
  return object('discovery.k8s.io/v1', 'EndpointSlice', 'web-1', { addressType: 'IPv4', ports, endpoints, ...fields }, metadata);
}

describe('services', () => {
  it.each([
    ['a cluster address', { clusterIP: '10.96.0.9' }, { resolution: 'endpoints', addresses: ['10.96.0.9'] }],
    ['two families', { clusterIPs: ['10.96.0.9', 'fd00::9'] }, { addresses: ['10.96.0.9', 'fd00::9'] }],
    ['no address', { clusterIP: 'None' }, { resolution: 'passthrough', addresses: [] }],
    ['another name', { type: 'ExternalName', externalName: 'example.com' }, { resolution: 'alias', aliasOf: 'example.com', addresses: [] }],
    ['local traffic', { internalTrafficPolicy: 'Local' }, { isNodeLocal: true }],
    ['near traffic', { trafficDistribution: 'PreferClose' }, { trafficDistribution: 'same-zone' }],
    ['traffic on the node', { trafficDistribution: 'PreferSameNode' }, { trafficDistribution: 'same-node' }],
  ])('with %s', (_, spec, expected) => {
    expect(serviceOf(spec)).toMatchObject(expected);
  });

  it('without a selector pick no pods', () => {
    expect(serviceOf({ selector: {} })).not.toHaveProperty('selector');
  });

  it('take visibility, names of certificates and traffic distribution from annotations', () => {
    const annotations = {
      'networking.istio.io/exportTo': '., other',
      'networking.istio.io/traffic-distribution': 'PreferClose',
      'alpha.istio.io/kubernetes-serviceaccounts': 'one',
      'alpha.istio.io/canonical-serviceaccounts': 'td/ns/x/sa/two',
    };

    expect(serviceOf({}, { annotations })).toMatchObject({
      visibility: new Set(['shop', 'other']),
      trafficDistribution: 'same-zone',
      subjectAltNames: ['spiffe://cluster.local/ns/shop/sa/one', 'spiffe://td/ns/x/sa/two'],
    });
  });

  it('keep a target port only where one is given', () => {
    const ports = [{ port: 80, targetPort: 'web' }, { port: 81, targetPort: 0 }, { port: 82 }];

    expect(serviceOf({ ports })?.ports.map(({ targetPort }) => targetPort)).toEqual(['web', undefined, undefined]);
  });
});

describe('endpoints', () => {
  const labels = { app: 'web', version: 'v1' };

  it('take labels, account, place and name from their pod', () => {
    const node = object(
      'v1',
      'Node',
      'n1',
      {},
      { namespace: '', labels: { 'topology.kubernetes.io/region': 'r', 'topology.kubernetes.io/zone': 'z' } },
    );

    expect(
      endpointsOf([
        webEndpoints('web', { a: '10.0.0.1' }),
        pod('a', '10.0.0.1', labels, { spec: { nodeName: 'n1', serviceAccountName: 'sa' } }),
        node,
      ]),
    ).toMatchObject([
      {
        address: '10.0.0.1',
        port: 8080,
        servicePortName: 'http',
        health: 'healthy',
        serviceAccount: 'sa',
        tlsMode: 'istio',
        locality: { region: 'r', zone: 'z', subZone: '' },
        network: 'home',
        workloadName: 'a',
        canonicalName: 'web',
        canonicalRevision: 'v1',
        nodeName: 'n1',
      },
    ]);
  });

  it.each([
    [{}, 'healthy'],
    [{ ready: true }, 'healthy'],
    [{ ready: false, terminating: false }, 'unhealthy'],
    [{ ready: false, terminating: true }, 'terminating'],
    [{ ready: false }, 'terminating'],
  ])('with conditions %j are %s', (conditions, expected) => {
    expect(endpointsOf([slice({ conditions })])).toMatchObject([{ health: expected }]);
  });

  it.each([
    [{ ready: false, terminating: true, serving: true }, 'draining'],
    [{ ready: false, terminating: true }, 'draining'],
    [{ ready: false, terminating: true, serving: false }, 'terminating'],
    [{ ready: false, terminating: false }, 'unhealthy'],
  ])('with conditions %j, of a service whose clients stick to them, are %s', (conditions, expected) => {
    const service = webService('web', {}, { labels: { 'istio.io/persistent-session': 'x' } });
    expect(registry([service, slice({ conditions })]).endpoints.get('shop/web.shop.svc.cluster.local')).toMatchObject([
      { health: expected },
    ]);
  });

  it('wait for a pod that the registry does not know yet', () => {
    expect(endpointsOf([webEndpoints('web', { a: '10.0.0.1' })])).toEqual([]);
  });

  it('without a reference are looked up by their address, and need no pod', () => {
    expect(endpointsOf([slice({}), pod('a', '10.0.0.1', labels)])).toMatchObject([{ workloadName: 'a' }]);
    expect(endpointsOf([slice({})])).toMatchObject([{ workloadName: '', tlsMode: 'disabled', labels: {} }]);
  });

  it('in two slices count once', () => {
    expect(endpointsOf([slice({}), { ...slice({}), name: 'web-2' }])).toHaveLength(1);
  });

  it('of names are none', () => {
    expect(endpointsOf([slice({}, { addressType: 'FQDN' })])).toEqual([]);
  });

  it('of pods with two addresses are one endpoint with both where dual stack is on', () => {
    const status = { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] };
    const dual = object('v1', 'Pod', 'a', { spec: {}, status }, { labels });
    const slices = [slice({}), { ...slice({ addresses: ['fd00::1'] }, { addressType: 'IPv6' }), name: 'web-2' }];

    expect(endpointsOf([dual, ...slices], { isDualStack: true })).toMatchObject([
      { address: '10.0.0.1', additionalAddresses: ['fd00::1'] },
    ]);
    expect(endpointsOf([dual, ...slices])).toMatchObject([{ address: '10.0.0.1' }, { address: 'fd00::1', additionalAddresses: [] }]);
  });

  it.each([
    [{ 'topology.istio.io/network': 'label' }, 'home', '10.2.0.1', 'label'],
    [{}, 'home', '10.2.0.1', 'home'],
    [{ 'topology.istio.io/network': '' }, '', '10.2.0.1', 'b'],
    [{}, '', '10.0.0.1', ''],
  ])('with labels %j, in a registry of network "%s", at %s are in network "%s"', (more, network, ip, expected) => {
    const known = endpointsOf([slice({ addresses: [ip] }), pod('a', ip, { ...labels, ...more })], { network });
    expect(known).toMatchObject([{ network: expected }]);
  });
});

describe('pods', () => {
  it('that have ended are no workloads', () => {
    const ended = object('v1', 'Pod', 'done', { spec: {}, status: { phase: 'Succeeded', podIP: '10.0.0.1' } });

    expect(registry([ended, pod('a', '10.0.0.2')]).workloads.map(({ name }) => name)).toEqual(['a']);
  });

  it('may say themselves where they run', () => {
    expect(registry([pod('a', '10.0.0.2', { 'istio-locality': 'r.z.s' })]).workloads[0]?.locality).toEqual({
      region: 'r',
      zone: 'z',
      subZone: 's',
    });
  });
});

describe('a broken object', () => {
  it('is left out with a problem', () => {
    const { value, problems } = decodeKubernetesObjects([webService('web'), webService('broken', { ports: 'all' })]);

    expect(value.services).toHaveLength(1);
    expect(problems).toMatchObject([{ severity: 'error', object: 'Service shop/broken' }]);
  });
});
