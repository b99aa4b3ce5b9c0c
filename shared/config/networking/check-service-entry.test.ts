import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { validateObject } from '../validate-object.ts';
import { serviceEntryKind } from './check-service-entry.ts';

const check = (spec: JsonObject): readonly string[] =>
  findingsOf(serviceEntryKind, { hosts: ['a.example.com'], resolution: 'STATIC', ...spec });
const port = { number: 80, name: 'http', protocol: 'HTTP' };

type Rows = readonly (readonly [what: string, spec: JsonObject, findings: readonly string[]])[];

describe('a ServiceEntry', () => {
  it.each<Rows[number]>([
    ['none', { hosts: [] }, ['spec.hosts: service entry must have at least one host']],
    ['all', { hosts: ['*'] }, ['spec.hosts[0]: invalid host *']],
    ['part of a wildcard', { hosts: ['*a.b'] }, ['warning: spec.hosts[0]: partial wildcard "*a.b" not allowed']],
  ])('is for hosts: %s', (_, spec, findings) => {
    expect(check(spec)).toEqual(findings);
  });

  it('chooses workloads or lists endpoints', () => {
    const workloadSelector = { labels: { app: 'a' } };

    expect(check({ workloadSelector, endpoints: [{ address: '10.0.0.1' }] })).toEqual([
      'spec.workloadSelector: only one of WorkloadSelector or Endpoints is allowed in Service Entry',
    ]);
    expect(check({ workloadSelector: { labels: { '': '*' } }, hosts: [] })).toEqual([
      'spec.workloadSelector.labels[]: empty key is not supported in selector: "=*"',
      'spec.workloadSelector.labels[]: wildcard is not supported in selector: "=*"',
    ]);
    expect(check({ workloadSelector: {} })).toEqual([
      'warning: spec.workloadSelector.labels: service entry: workload selector specified without labels, will be applied to all services in namespace',
    ]);
  });

  it('has ports with numbers and names of their own', () => {
    expect(check({ ports: [port, { ...port, targetPort: 70_000 }, { protocol: 'x' }] })).toEqual([
      'spec.ports[1].name: service entry port name "http" already defined',
      'spec.ports[1].number: service entry port 80 already defined',
      'spec.ports[1].targetPort: port number 70000 must be in the range 1..65535',
      'spec.ports[2].name: invalid port name: ',
      'spec.ports[2].protocol: unsupported protocol: x',
      'spec.ports[2].number: port number 0 must be in the range 1..65535',
    ]);
  });

  it('needs an address for TCP where it gets none', () => {
    const tcp = { ports: [{ ...port, protocol: 'TCP' }] };
    const warning =
      'spec.ports[0].protocol: addresses are required for ports serving TCP (or unset) protocol when IP Autoallocation is not enabled';
    const labelled = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'n', labels: { 'networking.istio.io/enable-autoallocate-ip': 'false' } },
      spec: { hosts: ['a.b'], resolution: 'STATIC', ...tcp },
    };

    expect(check(tcp)).toEqual([]);
    expect(check({ ...tcp, resolution: 'NONE' })).toEqual([`warning: ${warning}`]);
    expect(check({ ...tcp, resolution: 'NONE', addresses: ['10.0.0.0/8'] })).toEqual([]);
    expect(validateObject(labelled).warnings).toHaveLength(1);
  });

  it('takes ranges of addresses only where nothing is resolved', () => {
    expect(check({ addresses: ['10.0.0.0/8', '10.0.0.1', 'x'], resolution: 'DNS' })).toEqual([
      'spec.addresses[2]: x is not a valid IP',
      'spec.addresses: CIDR addresses are allowed only for NONE/STATIC resolution types',
    ]);
  });

  it('can hide its hosts', () => {
    expect(check({ exportTo: ['~'] })).toEqual([]);
    expect(check({ exportTo: ['~', 'a'] })).toEqual(['spec.exportTo: cannot export service entry to no one (~) and someone']);
  });
});

describe('the resolution', () => {
  it.each<Rows[number]>([
    [
      'NONE has no endpoints',
      { resolution: 'NONE', endpoints: [{ address: '10.0.0.1' }] },
      ['spec.endpoints: no endpoints should be provided for resolution type none'],
    ],
    [
      'NONE has no workloads',
      { resolution: 'NONE', workloadSelector: { labels: { a: 'b' } } },
      ['warning: spec.workloadSelector: workloadSelector should not be set when resolution mode is NONE'],
    ],
    [
      'STATIC has addresses',
      { ports: [port], endpoints: [{ address: 'a.b', ports: { other: 0 } }] },
      [
        'spec.endpoints[0].address: endpoint address "a.b" is not a valid IP address',
        'spec.endpoints[0].ports[other]: endpoint port 0 is not defined by the service entry',
        'spec.endpoints[0].ports[other]: port number 0 must be in the range 1..65535',
      ],
    ],
    [
      'STATIC has sockets for one port',
      { endpoints: [{ address: 'unix:///run/s' }] },
      ['spec.endpoints[0].address: exactly 1 service port required for unix endpoints'],
    ],
    [
      'DNS has full names',
      { resolution: 'DNS', hosts: ['a.b', '*.b', '*.c'] },
      [
        'spec.hosts[1]: hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode DNS, ' +
          'domain name "*.b" invalid (label "*" invalid)',
      ],
    ],
    [
      'DNS_ROUND_ROBIN has one endpoint',
      { resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a.b' }, { address: '*.b', labels: { a: '*' } }] },
      [
        'spec.endpoints: there must only be 0 or 1 endpoint for resolution mode DNS_ROUND_ROBIN',
        'spec.endpoints[1].address: endpoint address "*.b" is not a valid FQDN or an IP address',
        'spec.endpoints[1].labels[a]: invalid tag value: "*"',
      ],
    ],
    [
      'DNS cannot tell hosts by one address',
      { resolution: 'DNS', hosts: ['a.b', 'a.c'], addresses: ['10.0.0.1'], ports: [{ ...port, protocol: 'tls' }] },
      ['warning: spec.ports[0]: service entry can not have more than one host specified simultaneously with address and tcp port'],
    ],
    [
      'of several hosts needs protocols that name them',
      { hosts: ['a.b', 'a.c'], ports: [port, { number: 81, name: 'm', protocol: 'mongo' }] },
      ['spec.ports[1]: multiple hosts provided with non-HTTP, non-TLS ports'],
    ],
    [
      'DYNAMIC_DNS is for wildcards and protocols that name hosts',
      {
        resolution: 'DYNAMIC_DNS',
        hosts: ['a.b'],
        addresses: ['10.0.0.1'],
        endpoints: [{ address: '10.0.0.1' }],
        ports: [{ ...port, protocol: 'HTTPS' }],
      },
      [
        'spec.hosts[0]: host must be wildcarded for resolution mode DYNAMIC_DNS',
        'spec.addresses: addresses cannot be set for resolution type DYNAMIC_DNS. ' +
          'HTTP route domains will only be generatedfrom the hosts field values',
        'spec.endpoints: no endpoints should be provided for resolution type DYNAMIC_DNS',
        'spec.ports[0].protocol: only HTTP, TLS, GRPC, and HTTP2 protocols are supported for resolution type DYNAMIC_DNS',
      ],
    ],
    ['of nobody is refused', { resolution: 9 }, ['spec.resolution: unsupported resolution type ']],
  ])('%s', (_, spec, findings) => {
    expect(check(spec)).toEqual(findings);
  });
});
