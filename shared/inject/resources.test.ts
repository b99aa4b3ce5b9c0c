import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../lib/json.ts';
import { readInjectResources } from './resources.ts';

const proxyConfig = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'ProxyConfig',
  metadata: { name: 'settings', namespace: 'shop', ...metadata },
  spec,
});

describe('readInjectResources', () => {
  it('takes concurrency, environment variables and image of a ProxyConfig, and nothing else', () => {
    const spec = {
      concurrency: 0,
      environmentVariables: { A: '1' },
      image: { imageType: 'debug' },
      statusPort: 1,
      selector: { matchLabels: { a: 'b' } },
    };

    const { value, problems } = readInjectResources([proxyConfig(spec, { creationTimestamp: '2026-01-01T00:00:00Z' })]);

    expect(problems).toEqual([]);
    expect(value.proxyConfigs).toEqual([
      {
        namespace: 'shop',
        name: 'settings',
        creationTimestamp: '2026-01-01T00:00:00Z',
        selector: { matchLabels: { a: 'b' } },
        config: { concurrency: 0, proxyMetadata: { A: '1' }, image: { imageType: 'debug' } },
      },
    ]);
  });

  it('leaves out a broken one, names it, and keeps the others', () => {
    const { value, problems } = readInjectResources([proxyConfig({ concurrency: 'many' }), proxyConfig({}, { name: 'good' })]);

    expect(value.proxyConfigs.map(({ name }) => name)).toEqual(['good']);
    expect(problems).toMatchObject([{ object: 'ProxyConfig shop/settings', path: 'spec' }]);
  });

  it("knows the nodes' kubelet versions and the namespaces' annotations", () => {
    const { value } = readInjectResources([
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status: { nodeInfo: { kubeletVersion: 'v1.32.1' } } },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', annotations: { a: 'b' } } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } },
    ]);

    expect(value.clusterFacts).toEqual({ kubeletVersions: { n1: 'v1.32.1' }, namespaceAnnotations: { shop: { a: 'b' } } });
  });
});
