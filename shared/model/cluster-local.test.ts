import { describe, expect, it } from 'vitest';
import { clusterLocalHosts } from './cluster-local.ts';

const own = ['*.kube-system.svc.cluster.local', 'kubernetes.default.svc.cluster.local'];

describe('cluster-local hosts', () => {
  it('are those that every cluster has for itself', () => {
    const config = { defaultConfig: { discoveryAddress: 'istiod.istio-system.svc:15012' } };
    expect(clusterLocalHosts(config, 'cluster.local')).toEqual([...own, 'istiod.istio-system.svc.cluster.local']);
  });

  it('are those that the settings add, without those that they share', () => {
    const serviceSettings = [
      { settings: { clusterLocal: true }, hosts: ['*.shop.svc.cluster.local'] },
      { settings: { clusterLocal: false }, hosts: ['*.kube-system.svc.cluster.local'] },
    ];
    expect(clusterLocalHosts({ serviceSettings }, 'cluster.local')).toEqual([own[1], '*.shop.svc.cluster.local']);
  });
});
