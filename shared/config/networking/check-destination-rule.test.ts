import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { destinationRuleKind } from './check-destination-rule.ts';

const check = (spec: JsonObject): readonly string[] => findingsOf(destinationRuleKind, { host: 'web', ...spec });

/** Findings of a policy, their paths from there. */
function policy(trafficPolicy: JsonObject): readonly string[] {
  return check({ trafficPolicy }).map((text) => text.replace(/spec\.trafficPolicy\.?/, ''));
}

type Rows = readonly (readonly [what: string, part: JsonObject, findings: readonly string[]])[];

describe('a DestinationRule', () => {
  it('is for a host, which may be a wildcard', () => {
    expect(check({ host: '*.b' })).toEqual([]);
    expect(check({ host: '' })).toEqual(['spec.host: empty domain name not allowed']);
  });

  it('names subsets, each once; warnings of their policies are lost', () => {
    const subsets = [
      { name: 'a', labels: { a: 'b c' } },
      { name: 'a', trafficPolicy: { outlierDetection: { consecutiveErrors: 1 } } },
      { trafficPolicy: {} },
      { name: 'a.b' },
    ];

    expect(check({ subsets })).toEqual([
      'spec.subsets[0].labels[a]: invalid tag value: "b c"',
      'spec.subsets[1].name: duplicate subset names: a',
      'spec.subsets[2].name: subset name cannot be empty',
      'spec.subsets[2].trafficPolicy: traffic policy must have at least one field',
      'spec.subsets[3].name: subset name is invalid: a.b',
    ]);
  });

  it('for some workloads stays in its namespace', () => {
    const workloadSelector = { matchLabels: { app: 'a' } };

    expect(check({ workloadSelector, exportTo: ['.'] })).toEqual([]);
    expect(check({ workloadSelector, exportTo: ['.', 'other'] })).toEqual([
      'spec.exportTo: destination rule with workload selector cannot have multiple entries in exportTo',
    ]);
    expect(check({ workloadSelector: {}, exportTo: ['other'] })).toEqual([
      'spec.exportTo: destination rule with workload selector cannot have exportTo beyond current namespace',
    ]);
    expect(check({ workloadSelector: {} })).toEqual([
      'warning: spec.workloadSelector.matchLabels: workload selector specified without labels',
    ]);
  });
});

describe('a traffic policy', () => {
  it('says something, and not two things about one connection', () => {
    expect(policy({})).toEqual([': traffic policy must have at least one field']);
    expect(policy({ retryBudget: {} })).toEqual([]);
    expect(policy({ tunnel: {}, proxyProtocol: {}, connectionPool: {} })).toEqual([': tunnel and proxyProtocol must not be set together']);
  });

  it('for a port names it and says something', () => {
    expect(policy({ portLevelSettings: [{}, { port: { number: 80 }, outlierDetection: { consecutiveErrors: 1 } }] })).toEqual([
      'portLevelSettings[0].port: portTrafficPolicy must have valid port',
      'portLevelSettings[0]: port traffic policy must have at least one field',
    ]);
  });

  it.each<Rows[number]>([
    [
      'outliers',
      {
        outlierDetection: {
          baseEjectionTime: '0s',
          interval: '0.0001s',
          consecutiveLocalOriginFailures: 1,
          maxEjectionPercent: 101,
          minHealthPercent: -1,
        },
      },
      [
        'outlierDetection.baseEjectionTime: duration must be greater than 1ms',
        'outlierDetection.consecutiveLocalOriginFailures: outlier detection consecutive local origin failures is specified, ' +
          'but split external local origin errors is set to false',
        'outlierDetection.interval: duration must be greater than 1ms',
        'outlierDetection.maxEjectionPercent: percentage 101 is not in range 0..100',
        'outlierDetection.minHealthPercent: percentage -1 is not in range 0..100',
      ],
    ],
    ['no pool', { connectionPool: {} }, ['connectionPool: connection pool must have at least one field']],
    [
      'a pool of HTTP',
      {
        connectionPool: {
          http: { maxRetries: -1, idleTimeout: '0s', h2UpgradePolicy: 'UPGRADE', useClientProtocol: true, http2KeepAlive: {} },
        },
      },
      [
        'connectionPool.http.maxRetries: max retries must be non-negative',
        'connectionPool.http.idleTimeout: duration must be greater than 1ms',
        'connectionPool.http.useClientProtocol: use client protocol must not be true when H2UpgradePolicy is UPGRADE',
        'connectionPool.http.http2KeepAlive.interval: http2 keepalive interval is required',
        'connectionPool.http.http2KeepAlive.timeout: http2 keepalive timeout is required',
      ],
    ],
    ['a pool of TCP whose time-out is off', { connectionPool: { tcp: { idleTimeout: '0s' } } }, []],
    [
      'a pool of TCP',
      { connectionPool: { tcp: { maxConnections: -1, connectTimeout: '0s', tcpKeepalive: { time: '0s' } } } },
      [
        'connectionPool.tcp.maxConnections: max connections must be non-negative',
        'connectionPool.tcp.connectTimeout: duration must be greater than 1ms',
        'connectionPool.tcp.tcpKeepalive.time: duration must be greater than 1ms',
      ],
    ],
    [
      'a tunnel',
      { tunnel: { protocol: 'GET', targetHost: 'a b' } },
      [
        'tunnel.protocol: tunnel protocol must be "CONNECT" or "POST"',
        'tunnel.targetHost: tunnel target host must be valid FQDN or IP address: ' +
          'domain name "a b" invalid (label "a b" invalid); a b is not a valid IP',
        'tunnel.targetPort: tunnel target port is invalid: port number 0 must be in the range 1..65535',
      ],
    ],
    ['a version of nobody', { proxyProtocol: { version: 5 } }, ['proxyProtocol.version: proxy protocol version is invalid: 5']],
  ])('of %s', (_, part, findings) => {
    expect(policy(part)).toEqual(findings);
  });

  it.each<Rows[number]>([
    ['no name', { httpCookie: {} }, ['httpCookie.name: name required for HttpCookie']],
    [
      'attributes',
      { httpCookie: { name: 'c', attributes: [{}, { name: 'a' }, { name: 'a' }] } },
      [
        'httpCookie.attributes[0].name: cookie attribute name cannot be empty',
        'httpCookie.attributes[2].name: duplicate cookie attribute name: a',
      ],
    ],
    [
      'two rings',
      { minimumRingSize: 1, ringHash: {} },
      ['minimumRingSize: only one of MinimumRingSize or Maglev/Ringhash can be specified'],
    ],
    ['the smallest table', { maglev: { tableSize: 1 } }, []],
    [
      'no table',
      { maglev: {} },
      ['maglev.tableSize: tableSize must be set for maglev', 'maglev.tableSize: tableSize must be a prime number for maglev'],
    ],
    [
      'a table that is too large',
      { maglev: { tableSize: 5_000_011 } },
      ['maglev.tableSize: tableSize must be less than 5000011 for maglev'],
    ],
    ['a table of even size', { maglev: { tableSize: 65_536 } }, ['maglev.tableSize: tableSize must be a prime number for maglev']],
    ['a table whose size is a square', { maglev: { tableSize: 49 } }, ['maglev.tableSize: tableSize must be a prime number for maglev']],
  ])('hashes by %s', (_, consistentHash, findings) => {
    expect(policy({ loadBalancer: { consistentHash } })).toEqual(findings.map((finding) => `loadBalancer.consistentHash.${finding}`));
  });

  it('warms endpoints up', () => {
    expect(policy({ loadBalancer: { warmup: { minimumPercent: 101, aggression: 0 } } })).toEqual([
      'loadBalancer.warmup.duration: duration is required',
      'loadBalancer.warmup.minimumPercent: minimumPercent value should be less than or equal to 100',
      'loadBalancer.warmup.aggression: aggression should be greater than 0',
    ]);
  });

  const distribute = (...froms: readonly string[]) => froms.map((from) => ({ from, to: { r: 100 } }));

  it.each<Rows[number]>([
    [
      'shares and failover',
      { distribute: distribute('a'), failover: [{ from: 'a', to: 'b' }] },
      [": can not simultaneously specify 'distribute' and 'failover'"],
    ],
    [
      'failover and labels of regions',
      { failover: [{}], failoverPriority: ['topology.kubernetes.io/zone'] },
      ["failoverPriority: can not simultaneously set 'failover' and topology label 'topology.kubernetes.io/zone' in 'failover_priority'"],
    ],
    ['no share', { distribute: [{ from: 'a', to: { b: 0 } }] }, ['distribute: locality weight must be in range [1, 100]']],
    ['shares of less than all', { distribute: [{ from: 'a', to: { b: 60, c: 30 } }] }, ['distribute: total locality weight 90 != 100']],
    [
      'a wildcard in the middle',
      { distribute: distribute('a/*/b') },
      ["distribute: locality a/*/b wildcard '*' number can not exceed 1 and must be in the end"],
    ],
    ['a missing zone', { distribute: distribute('a//b') }, ['distribute: locality a//b must not contain empty region/zone/subzone info']],
    ['the same place', { distribute: distribute('a/b/c', 'a/b/c') }, ['distribute: locality a/b/c overlap with previous specified ones']],
    ['a zone of a region', { distribute: distribute('a', 'a/b') }, ['distribute: locality a/b overlap with previous specified ones']],
    [
      'a subzone of all zones',
      { distribute: distribute('a/*', 'a/b/c') },
      ['distribute: locality a/b/c overlap with previous specified ones'],
    ],
    ['anything after everything', { distribute: distribute('*', 'a') }, ['distribute: locality a overlap with previous specified ones']],
    ['all zones after one of them', { distribute: distribute('a/b', 'a/*') }, []],
    [
      'failover to nowhere',
      {
        failover: [
          { from: 'a', to: 'a' },
          { from: 'a/b', to: '*' },
        ],
      },
      [
        'failover[0].to: locality lb failover settings must specify different regions',
        'failover[1]: locality lb failover only specify region',
        "failover[1]: locality lb failover region should not contain '*' wildcard",
      ],
    ],
  ])('balances by locality: %s', (_, localityLbSetting, findings) => {
    const found = policy({ loadBalancer: { localityLbSetting }, outlierDetection: {} });
    expect(found).toEqual(findings.map((finding) => `loadBalancer.localityLbSetting${finding.startsWith(':') ? '' : '.'}${finding}`));
  });

  it('fails over only what outlier detection finds', () => {
    const message = 'outlier detection policy must be provided for failover';

    expect(policy({ loadBalancer: { localityLbSetting: { failoverPriority: ['a'] } } })).toEqual([
      `warning: loadBalancer.localityLbSetting: ${message}`,
    ]);
    expect(policy({ loadBalancer: { zoneAwareLbSetting: { failover: [{ from: 'a', to: 'b' }] } } })).toEqual([
      `warning: loadBalancer.zoneAwareLbSetting: ${message}`,
    ]);
  });

  it('balances by locality or by zone, which knows the regions by itself', () => {
    const zoneAwareLbSetting = { failoverPriority: ['a', 'topology.istio.io/subzone'], failover: [{ from: 'a', to: 'b/c' }] };

    expect(policy({ loadBalancer: { localityLbSetting: {}, zoneAwareLbSetting }, outlierDetection: {} })).toEqual([
      'loadBalancer: only one of localityLbSetting and zoneAwareLbSetting can be set',
      "loadBalancer.zoneAwareLbSetting.failoverPriority[1]: 'failover_priority' for zone aware lb must not use topology label " +
        "'topology.istio.io/subzone'; region- and zone-level routing are handled automatically",
      'loadBalancer.zoneAwareLbSetting.failover[0]: zone aware lb failover only specifies region; ' +
        'zone and subzone failover are handled automatically',
    ]);
  });

  it.each<Rows[number]>([
    [
      'files beside a credential',
      { mode: 'SIMPLE', credentialName: 'c', caCrl: 'f' },
      ['credentialName: cannot specify client certificates or CA certificate or CA CRL If credentialName is set'],
    ],
    [
      'no files',
      { mode: 'MUTUAL' },
      ['clientCertificate: client certificate required for mutual tls', 'privateKey: private key required for mutual tls'],
    ],
    [
      'no verification',
      { mode: 'SIMPLE', insecureSkipVerify: true, subjectAltNames: ['a'] },
      ['insecureSkipVerify: cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true'],
    ],
    ["the namespace's ConfigMap", { mode: 'SIMPLE', credentialName: 'configmap://ns/ca' }, []],
    [
      "another namespace's ConfigMap",
      { mode: 'SIMPLE', credentialName: 'configmap://other/ca' },
      ['credentialName: invalid configmap:// credentialName: namespace must match the configuration namespace "ns"'],
    ],
    [
      'half a ConfigMap',
      { mode: 'SIMPLE', credentialName: 'configmap://ns/' },
      ['credentialName: invalid configmap:// credentialName: invalid resource name "configmap://ns/". Expected name'],
    ],
  ])('begins TLS with %s', (_, tls, findings) => {
    expect(policy({ tls })).toEqual(findings.map((finding) => `tls.${finding}`));
  });
});
