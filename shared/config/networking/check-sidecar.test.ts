import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { sidecarKind } from './check-sidecar.ts';

const check = (spec: JsonObject): readonly string[] => findingsOf(sidecarKind, spec);
const port = { number: 80, name: 'http', protocol: 'HTTP' };
const ingress = (part: JsonObject): readonly string[] => check({ ingress: [{ port, ...part }] });
const egress = (...hosts: readonly string[]): readonly string[] => check({ egress: [{ hosts }] });

type Rows = readonly (readonly [what: string, part: JsonObject, findings: readonly string[]])[];

describe('a Sidecar', () => {
  it('says something, for workloads with labels', () => {
    expect(check({})).toEqual(['spec: sidecar: empty configuration provided']);
    expect(check({ workloadSelector: { labels: { a: '*' } } })).toEqual([
      'spec.workloadSelector.labels[a]: wildcard is not supported in selector: "a=*"',
    ]);
    expect(check({ workloadSelector: {}, inboundConnectionPool: { tcp: {} } })).toEqual([
      'warning: spec.workloadSelector.labels: sidecar: workload selector specified without labels, will be applied to all services in namespace',
    ]);
  });

  it.each<Rows[number]>([
    [
      'dynamic names',
      { mode: 'ALLOW_ANY_DYNAMIC_DNS' },
      ['mode: sidecar: ALLOW_ANY_DYNAMIC_DNS mode is only supported in MeshConfig, not in Sidecar resource'],
    ],
    [
      'a proxy for the registry',
      { egressProxy: {} },
      ['egressProxy: sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode'],
    ],
    [
      'a proxy without a port',
      { mode: 'ALLOW_ANY', egressProxy: { host: '*' } },
      ['egressProxy.host: domain name "*" invalid (label "*" invalid)', 'egressProxy.port: sidecar: egress_proxy port must be non-nil'],
    ],
    ['a proxy', { mode: 'ALLOW_ANY', egressProxy: { host: 'a', port: { number: 80 } } }, []],
  ])('lets traffic out by %s', (_, outboundTrafficPolicy, findings) => {
    expect(check({ outboundTrafficPolicy })).toEqual(findings.map((finding) => `spec.outboundTrafficPolicy.${finding}`));
  });
});

describe('an ingress listener', () => {
  it.each<Rows[number]>([
    ['no port', { port: null }, ['port: sidecar: port is required for ingress listeners']],
    [
      'a bad port',
      { port: { number: 0, name: 'a.b', protocol: 'x', targetPort: 1 }, bind: 'a' },
      [
        'port.targetPort: targetPort has no impact on Sidecars',
        'port.name: invalid port name: a.b',
        'port.protocol: unsupported protocol: x',
        'port.number: port number 0 must be in the range 1..65535',
        'bind: a is not a valid IP',
      ],
    ],
    ["the workload's socket", { defaultEndpoint: 'unix:///run/s' }, []],
    ['itself', { defaultEndpoint: '[::1]:80' }, []],
    [
      'another host',
      { defaultEndpoint: '10.0.0.1:80' },
      [
        'defaultEndpoint: sidecar: defaultEndpoint must be of form 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset',
      ],
    ],
    [
      'a named port',
      { defaultEndpoint: ':http' },
      ['defaultEndpoint: sidecar: defaultEndpoint port (http) is not a number: strconv.Atoi: parsing "http": invalid syntax'],
    ],
    ['a large port', { defaultEndpoint: ':70000' }, ['defaultEndpoint: port number 70000 must be in the range 1..65535']],
    [
      'TLS of the mesh',
      { tls: { mode: 'ISTIO_MUTUAL', subjectAltNames: ['a'], httpsRedirect: true } },
      [
        'tls.subjectAltNames: sidecar: subjectAltNames is not supported in ingress tls',
        'tls.httpsRedirect: sidecar: httpsRedirect is not supported',
        'tls.mode: configuration is invalid: cannot set mode to ISTIO_MUTUAL in sidecar ingress tls',
        'tls: server cannot have TLS settings for non HTTPS/TLS ports',
      ],
    ],
    [
      'its own pool',
      { connectionPool: { http: { maxRetries: -1 } } },
      ['connectionPool.http.maxRetries: max retries must be non-negative'],
    ],
  ])('goes to %s', (_, part, findings) => {
    expect(ingress(part)).toEqual(findings.map((finding) => `spec.ingress[0].${finding}`));
  });

  it('warns of a pool for HTTP where HTTP is not spoken', () => {
    expect(ingress({ port: { ...port, protocol: 'TCP' }, connectionPool: { http: {} } })).toEqual([
      'warning: spec.ingress[0].connectionPool.http: sidecar: HTTP connection pool settings are configured for port 80 ("http") ' +
        'but its protocol is not HTTP (TCP); only TCP settings will apply',
    ]);
  });

  it('has a port of its own', () => {
    expect(check({ ingress: [{ port }, { port }] })).toEqual([
      'spec.ingress[1].port.number: sidecar: ports on IP bound listeners must be unique',
    ]);
  });
});

describe('an egress listener', () => {
  it('without a port is the last one', () => {
    const hosts = ['*/*'];

    expect(check({ egress: [{ hosts }, { port, hosts }] })).toEqual([
      'spec.egress[0].port: sidecar: the egress listener with empty port should be the last listener in the list',
    ]);
  });

  it('has a port or a socket of its own', () => {
    const socket = { port: { protocol: 'HTTP' }, bind: 'unix:///run/s', hosts: ['*/*'] };

    expect(check({ egress: [{ port, hosts: ['*/*'] }, { port, hosts: ['*/*'] }, socket, socket] })).toEqual([
      'spec.egress[1].port.number: sidecar: ports on IP bound listeners must be unique',
      'spec.egress[3].bind: sidecar: unix domain socket values for listeners must be unique',
    ]);
    expect(check({ egress: [{ ...socket, bind: '10.0.0.1', captureMode: 'IPTABLES' }] })).toEqual([
      'spec.egress[0].bind: sidecar: ports with 0 value must have a unix domain socket bind address',
      'spec.egress[0].captureMode: sidecar: captureMode must be DEFAULT/NONE for unix domain socket listeners',
    ]);
  });

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['none', [], ['spec.egress[0].hosts: sidecar: egress listener must contain at least one host']],
    ['namespaces and hosts', ['./*', '~/*', '~ns/a.b', '*/a.b'], []],
    ['no namespace', ['a.b'], ['spec.egress[0].hosts[0]: host must be of form namespace/dnsName']],
    ['a bad namespace', ['a_b/*'], ['spec.egress[0].hosts[0]: invalid namespace value "a_b" in sidecar']],
    [
      'an address, told once',
      ['*/10.0.0.1'],
      ['spec.egress[0].hosts[0]: domain name "0.0.1" invalid (top level domain "1" cannot be all-numeric)'],
    ],
    ['a bad name, told twice', ['*/a.b c'], Array(2).fill('spec.egress[0].hosts[0]: domain name "b c" invalid (label "b c" invalid)')],
    ['one twice', ['ns/a.b', './a.b'], ['warning: spec.egress[0].hosts[1]: duplicated egress host: ./a.b']],
    ['one that all cover', ['ns/*', 'ns/a.b'], ['warning: spec.egress[0].hosts[1]: duplicated egress host: ns/a.b']],
    ['all after one', ['ns/a.b', 'ns/*'], ['warning: spec.egress[0].hosts[1]: duplicated egress host: ns/*']],
    [
      'everything and more',
      ['*/*', 'ns/a.b'],
      ['warning: spec.egress[0].hosts: `*/*` host select all resources, no other hosts can be added'],
    ],
  ])('imports hosts: %s', (_, hosts, findings) => {
    expect(egress(...hosts)).toEqual(findings);
  });
});
