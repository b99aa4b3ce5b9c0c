import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../../lib/proto-json.ts';
import { destinationRule } from './destination-rule.ts';

const perPort = {
  loadBalancer: {
    simple: 'LEAST_REQUEST',
    localityLbSetting: {
      distribute: [{ from: 'a/*', to: { 'a/b': 100 } }],
      failover: [{ from: 'a', to: 'b' }],
      failoverPriority: ['region'],
      enabled: false,
    },
    zoneAwareLbSetting: { enabled: true, failover: [{ from: 'a', to: 'b' }], failoverPriority: ['x'], minClusterSize: 3 },
    warmupDurationSecs: '10s',
    warmup: { duration: '60s', minimumPercent: 0, aggression: 1.5 },
  },
  connectionPool: {
    tcp: {
      maxConnections: 1,
      connectTimeout: '5s',
      tcpKeepalive: { probes: 3, time: '7200s', interval: '75s' },
      maxConnectionDuration: '60s',
      idleTimeout: '0s',
    },
    http: {
      http1MaxPendingRequests: 1,
      http2MaxRequests: 2,
      maxRequestsPerConnection: 3,
      maxRetries: 4,
      idleTimeout: '5s',
      h2UpgradePolicy: 'UPGRADE',
      useClientProtocol: true,
      maxConcurrentStreams: 5,
      http2KeepAlive: { interval: '1s', timeout: '2s' },
    },
  },
  outlierDetection: {
    consecutiveErrors: 1,
    splitExternalLocalOriginErrors: true,
    consecutiveLocalOriginFailures: 0,
    consecutiveGatewayErrors: 0,
    consecutive5xxErrors: 7,
    interval: '5s',
    baseEjectionTime: '60s',
    maxEjectionPercent: 100,
    minHealthPercent: 50,
    outlierDetectionHttpErrorCodes: [429],
  },
  tls: {
    mode: 'MUTUAL',
    clientCertificate: 'a',
    privateKey: 'b',
    caCertificates: 'c',
    credentialName: 'd',
    subjectAltNames: ['e'],
    sni: 'f',
    insecureSkipVerify: false,
    caCrl: 'g',
  },
};

/** One with every field that can stand beside the others. */
const complete = {
  host: 'web',
  trafficPolicy: {
    ...perPort,
    portLevelSettings: [{ port: { number: 80 }, ...perPort }],
    tunnel: { protocol: 'CONNECT', targetHost: 'a', targetPort: 443 },
    proxyProtocol: { version: 'V2' },
    retryBudget: { percent: 0, minRetryConcurrency: 3, budgetInterval: '1s' },
  },
  subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: perPort }],
  exportTo: ['*'],
  workloadSelector: { matchLabels: { app: 'web' } },
};

const strict = { unknownFields: 'refuse' } as const;

function withLoadBalancer(loadBalancer: object): object {
  return { trafficPolicy: { loadBalancer } };
}

describe('a DestinationRule', () => {
  it('has every field of networking.istio.io/v1', () => {
    expect(decodeMessage(complete, destinationRule, strict)).toEqual({ ok: true, value: complete });
  });

  it.each<[string, object]>([
    ['header', { httpHeaderName: 'h', ringHash: { minimumRingSize: '2048' } }],
    [
      'cookie',
      { httpCookie: { name: 'c', path: '/', ttl: '0s', attributes: [{ name: 'a', value: 'b' }] }, maglev: { tableSize: '65537' } },
    ],
    ['source', { useSourceIp: true, minimumRingSize: '1024' }],
    ['query parameter', { httpQueryParameterName: 'q' }],
  ])('hashes by %s', (_, consistentHash) => {
    const given = withLoadBalancer({ consistentHash });
    expect(decodeMessage(given, destinationRule, strict)).toEqual({ ok: true, value: given });
  });

  it('balances by the utilization that endpoints report', () => {
    const given = withLoadBalancer({
      backendUtilization: {
        metricNamesForComputingUtilization: ['cpu'],
        errorUtilizationPenaltyPercent: 0,
        weightExpirationPeriod: '1s',
        weightStabilizationPeriod: '2s',
        weightUpdatePeriod: '3s',
      },
    });
    expect(decodeMessage(given, destinationRule, strict)).toEqual({ ok: true, value: given });
  });

  it('keeps only the last of settings that exclude each other', () => {
    const given = withLoadBalancer({ simple: 'RANDOM', consistentHash: { useSourceIp: true } });
    expect(decodeMessage(given, destinationRule, strict)).toEqual({
      ok: true,
      value: withLoadBalancer({ consistentHash: { useSourceIp: true } }),
    });
  });
});
