import { describe, expect, it } from 'vitest';
import { shopScope } from '../../../test/fixtures/clusters.ts';
import { config, webService } from '../../../test/fixtures/kubernetes-world.ts';
import { clusterStatistics } from './statistics-name.ts';

const entry = config('ServiceEntry', 'ext', { hosts: ['api.example.com'] });
const port = { number: 80, name: 'http', protocol: 'HTTP' } as const;
const [service, external] = shopScope([webService('web', {}, { creationTimestamp: '2025-01-01T00:00:00Z' }), entry]).services;
const name = 'outbound|80|v1|web.shop.svc.cluster.local';

describe('clusterStatistics', () => {
  it.each([
    [undefined, `${name};`],
    ['', `${name};`],
    ['%SERVICE%_%SERVICE_PORT%', 'web.shop_80;'],
    ['%SERVICE_FQDN%|%SUBSET_NAME%|%SERVICE_PORT_NAME%', 'web.shop.svc.cluster.local|v1|http;'],
    ['%SERVICE_NAME%.%TARGET_PORT%.%UNKNOWN%', 'web.8080.%UNKNOWN%;'],
  ])('by pattern %j is %s', (pattern, expected) => {
    expect(clusterStatistics(name, pattern, service && { service, port, targetPort: 8080, subset: 'v1' })).toBe(expected);
  });

  it('has no shorter name for hosts that are not of Kubernetes', () => {
    expect(clusterStatistics(name, '%SERVICE%', external && { service: external, port, targetPort: 80, subset: '' })).toBe(
      'api.example.com;',
    );
  });
});
