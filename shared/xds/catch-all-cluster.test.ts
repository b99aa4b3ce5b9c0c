import { describe, expect, it } from 'vitest';
import type { Scope } from '../model/index.ts';
import { catchAllCluster } from './catch-all-cluster.ts';

describe('traffic that nothing takes', () => {
  const egressProxy = { host: 'out.shop.svc.cluster.local', subset: 'v1', port: { number: 3128 } };

  it.each<[Pick<Scope, 'outboundTrafficPolicy' | 'egressProxy'>, string]>([
    [{ outboundTrafficPolicy: 'ALLOW_ANY' }, 'PassthroughCluster'],
    [{ outboundTrafficPolicy: 'ALLOW_ANY', egressProxy }, 'outbound|3128|v1|out.shop.svc.cluster.local'],
    [{ outboundTrafficPolicy: 'REGISTRY_ONLY' }, 'BlackHoleCluster'],
  ])('under %j goes to %s', (scope, cluster) => {
    expect(catchAllCluster(scope)).toBe(cluster);
  });
});
