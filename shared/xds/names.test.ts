import { describe, expect, it } from 'vitest';
import { clusterServerName, inboundClusterName, outboundClusterName, statisticsName } from './names.ts';

describe('names of clusters', () => {
  it('are those that Istio gives', () => {
    expect(outboundClusterName('web.shop', 80)).toBe('outbound|80||web.shop');
    expect(outboundClusterName('web.shop', 80, 'v1')).toBe('outbound|80|v1|web.shop');
    expect(inboundClusterName(8080)).toBe('inbound|8080||');
    expect(clusterServerName('web.shop', 80, 'v1')).toBe('outbound_.80_.v1_.web.shop');
    expect(statisticsName('inbound|8080||')).toBe('inbound|8080||;');
  });
});
