import { create, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import type { LoadBalancer } from '../../config/networking/destination-rule-load-balancer.ts';
import { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { loadBalancing } from './load-balancer.ts';

describe('loadBalancing', () => {
  it.each<[LoadBalancer, object]>([
    [{}, { lbPolicy: 'LEAST_REQUEST' }],
    [{ simple: 'UNSPECIFIED' }, { lbPolicy: 'LEAST_REQUEST' }],
    [{ simple: 'LEAST_CONN' }, { lbPolicy: 'LEAST_REQUEST' }],
    [{ simple: 'RANDOM' }, { lbPolicy: 'RANDOM' }],
    [{ simple: 'ROUND_ROBIN' }, {}],
    [{ simple: 'ROUND_ROBIN', warmupDurationSecs: '45s' }, { roundRobinLbConfig: { slowStartConfig: { slowStartWindow: '45s' } } }],
    [
      { warmup: { duration: '60s' } },
      {
        lbPolicy: 'LEAST_REQUEST',
        leastRequestLbConfig: {
          slowStartConfig: { slowStartWindow: '60s', aggression: { defaultValue: 1, runtimeKey: '(' }, minWeightPercent: { value: 10 } },
        },
      },
    ],
    [{ consistentHash: { httpHeaderName: 'x' } }, { lbPolicy: 'RING_HASH', ringHashLbConfig: { minimumRingSize: '1024' } }],
    [
      { consistentHash: { useSourceIp: true, minimumRingSize: '7' } },
      { lbPolicy: 'RING_HASH', ringHashLbConfig: { minimumRingSize: '7' } },
    ],
    [{ consistentHash: { ringHash: { minimumRingSize: '0' } } }, { lbPolicy: 'RING_HASH' }],
    [{ consistentHash: { ringHash: { minimumRingSize: '9' } } }, { lbPolicy: 'RING_HASH', ringHashLbConfig: { minimumRingSize: '9' } }],
    [{ consistentHash: { maglev: { tableSize: '11' } } }, { lbPolicy: 'MAGLEV', maglevLbConfig: { tableSize: '11' } }],
    [{ consistentHash: { maglev: {} } }, { lbPolicy: 'MAGLEV' }],
  ])('%j', (settings, expected) => {
    expect(toJson(ClusterSchema, create(ClusterSchema, loadBalancing(settings)))).toEqual(expected);
  });
});
