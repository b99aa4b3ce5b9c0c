import { describe, expect, it } from 'vitest';
import { config } from '../../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { Endpoint, Service, Workload } from '../../model/index.ts';
import type { RawObject } from '../kubernetes/objects.ts';
import { entryRegistry } from './registry.ts';

const http = { number: 80, name: 'http', protocol: 'HTTP' };

function entry(spec: JsonObject, more: JsonObject = {}): RawObject {
  const made = config('ServiceEntry', 'ext', { hosts: ['api.example.com'], ports: [http], ...spec });
  return { ...made, content: { ...made.content, ...more } };
}

function read(objects: readonly RawObject[], workloads: readonly Workload[] = []) {
  const settings = { cluster: 'Kubernetes', network: '', defaultExportTo: ['*'], workloads, services: [] };
  return entryRegistry(objects, settings);
}

function servicesOf(spec: JsonObject, more: JsonObject = {}): readonly Service[] {
  return read([entry(spec, more)]).value.services;
}

function endpointsOf(spec: JsonObject, others: readonly RawObject[] = [], workloads: readonly Workload[] = []): readonly Endpoint[] {
  return read([entry(spec), ...others], workloads).value.endpoints.get('shop/api.example.com') ?? [];
}

describe('services of a ServiceEntry', () => {
  it('are one for each host and address', () => {
    const found = servicesOf({ hosts: ['a.example.com', 'b.example.com'], addresses: ['240.0.0.1', '240.0.1.0/24', 'fd00::1/128'] });

    expect(found.map(({ host, addresses }) => [host, ...addresses])).toEqual([
      ['a.example.com', '240.0.0.1'],
      ['a.example.com', '240.0.1.0/24'],
      ['a.example.com', 'fd00::1'],
      ['b.example.com', '240.0.0.1'],
      ['b.example.com', '240.0.1.0/24'],
      ['b.example.com', 'fd00::1'],
    ]);
  });

  it.each([
    [undefined, 'passthrough'],
    ['STATIC', 'endpoints'],
    ['DNS', 'dns'],
    ['DNS_ROUND_ROBIN', 'dns-round-robin'],
    ['DYNAMIC_DNS', 'dynamic-dns'],
  ])('with resolution %s are found by %s', (resolution, expected) => {
    expect(
      servicesOf({
        hosts: ['*.example.com'],
        endpoints: resolution === 'DNS_ROUND_ROBIN' || resolution === 'DNS' ? [{ address: 'a.example.com' }] : [],
        ...(resolution !== undefined && { resolution }),
      })[0]?.resolution,
    ).toBe(expected);
  });

  it('are outside of the mesh unless they say that they are not', () => {
    expect(servicesOf({})[0]?.isMeshExternal).toBe(true);
    expect(servicesOf({ location: 'MESH_INTERNAL' })[0]?.isMeshExternal).toBe(false);
  });

  it('have the addresses that the control plane chose for their host', () => {
    const status = {
      addresses: [
        { host: 'api.example.com', value: '240.240.0.1' },
        { host: 'other', value: '240.240.0.2' },
      ],
    };

    expect(servicesOf({}, { status })[0]).toMatchObject({ addresses: [], autoAddresses: ['240.240.0.1'] });
  });
});

describe('endpoints of a ServiceEntry', () => {
  it('are those that it lists, named after it', () => {
    const endpoints = [
      { address: '10.0.0.1', ports: { http: 8080 }, weight: 3, locality: 'r/z', labels: { version: 'v1' } },
      { address: '10.0.0.2', serviceAccount: 'sa' },
    ];

    expect(endpointsOf({ resolution: 'STATIC', ports: [{ ...http, targetPort: 9090 }], endpoints })).toMatchObject([
      {
        address: '10.0.0.1',
        port: 8080,
        weight: 3,
        locality: { region: 'r', zone: 'z', subZone: '' },
        workloadName: 'ext-0',
        canonicalRevision: 'v1',
        tlsMode: 'disabled',
        health: 'unknown',
      },
      { address: '10.0.0.2', port: 9090, weight: 1, workloadName: 'ext-1', tlsMode: 'istio', namespace: 'shop' },
    ]);
  });

  it('are the host itself where a name is looked up and none are listed', () => {
    expect(endpointsOf({ resolution: 'DNS' })).toMatchObject([{ address: 'api.example.com', port: 80, workloadName: 'ext' }]);
  });

  it('are not the host itself where workloads are selected and none is there', () => {
    expect(endpointsOf({ resolution: 'DNS', workloadSelector: { labels: { app: 'api' } } })).toEqual([]);
  });

  const vm = (name: string, labels: JsonObject, namespace = 'shop', metadata: JsonObject = {}): RawObject =>
    config('WorkloadEntry', name, { address: '10.9.0.1', labels, serviceAccount: 'vm' }, { namespace, ...metadata });
  const pod: Workload = {
    name: 'p',
    namespace: 'shop',
    addresses: ['10.0.0.5'],
    isReady: true,
    labels: { app: 'api' },
    serviceAccount: 'sa',
    locality: { region: '', zone: '', subZone: '' },
    network: '',
    cluster: 'Kubernetes',
    nodeName: '',
    ownerName: 'api',
    ports: [{ name: 'web', number: 8080, transport: 'TCP' }],
    hostname: '',
    subdomain: '',
  };
  const selecting = { resolution: 'STATIC', workloadSelector: { labels: { app: 'api' } } };

  it('are WorkloadEntries and pods of the namespace with the selected labels', () => {
    const spec = { resolution: 'STATIC', ports: [{ ...http }], workloadSelector: { labels: { app: 'api' } } };

    expect(
      endpointsOf(spec, [vm('vm', { app: 'api' }), vm('web', { app: 'web' }), vm('far', { app: 'api' }, 'other')], [pod]),
    ).toMatchObject([
      { address: '10.9.0.1', workloadName: 'vm', tlsMode: 'istio', health: 'unknown' },
      { address: '10.0.0.5', workloadName: 'api', tlsMode: 'disabled', health: 'healthy' },
    ]);
  });

  it.each([
    ['web', undefined, 8080],
    ['web', 9090, 8080],
    ['http', 9090, 9090],
    ['http', undefined, 80],
  ])('of pods serve port "%s" with target %s at %i', (name, targetPort, expected) => {
    const ports = [{ ...http, name, ...(targetPort !== undefined && { targetPort }) }];
    expect(endpointsOf({ ...selecting, ports }, [], [pod])).toMatchObject([{ port: expected }]);
  });

  it('are no pods that are not ready', () => {
    expect(endpointsOf(selecting, [], [{ ...pod, isReady: false }])).toEqual([]);
  });

  it('have the labels of the WorkloadEntry and of its spec, of two with one key the first', () => {
    const entries = [vm('vm', { app: 'web', version: 'v1' }, 'shop', { labels: { app: 'api', zone: 'z' } })];
    expect(endpointsOf(selecting, entries)).toMatchObject([{ labels: { app: 'api', version: 'v1', zone: 'z' } }]);
  });

  it.each([
    [{}, {}, 1],
    [{ 'proxy.istio.io/health-checks-enabled': 'true' }, {}, 0],
    [{ 'proxy.istio.io/health-checks-enabled': 'true' }, { conditions: [{ type: 'Healthy', status: 'False' }] }, 0],
    [{ 'proxy.istio.io/health-checks-enabled': 'true' }, { conditions: [{ type: 'Healthy', status: 'True' }] }, 1],
    [{}, { conditions: [{ type: 'Healthy', status: 'False' }] }, 1],
  ])('with annotations %j and status %j are %i', (annotations, status, expected) => {
    const checked = vm('vm', { app: 'api' }, 'shop', { annotations });
    expect(endpointsOf(selecting, [{ ...checked, content: { ...checked.content, status } }])).toHaveLength(expected);
  });

  it('count twice for a host with two addresses', () => {
    expect(endpointsOf({ resolution: 'STATIC', addresses: ['240.0.0.1', '240.0.0.2'], endpoints: [{ address: '10.0.0.1' }] })).toHaveLength(
      2,
    );
  });
});

describe('an entry that cannot be translated', () => {
  it.each([
    [{ ports: [{ ...http, number: 70_000 }] }, 'spec.ports[0].number'],
    [{ addresses: ['nowhere'] }, 'spec.addresses[0]'],
    [{ hosts: ['*.example.com'], resolution: 'DNS' }, 'spec.hosts[0]'],
    [{ resolution: 'STATIC', endpoints: [{ address: '10.0.0.1', ports: { http: 70_000 } }] }, 'spec.endpoints[0].ports[http]'],
  ])('such as %j is left out with a problem at %s', (spec, path) => {
    const { value, problems } = read([entry(spec), { ...entry({ hosts: ['b.example.com'] }), name: 'other' }]);

    expect(value.services.map(({ host }) => host)).toEqual(['b.example.com']);
    expect(problems).toMatchObject([{ object: 'ServiceEntry shop/ext', path }]);
  });

  it('is left out with a problem that names object and field', () => {
    const broken = { ...entry({ ports: [{ number: 'eighty' }] }), name: 'broken' };

    expect(read([entry({}), broken])).toMatchObject({
      value: { services: [{ host: 'api.example.com' }] },
      problems: [{ severity: 'error', object: 'ServiceEntry shop/broken', path: 'spec.ports[0].number' }],
    });
  });
});
