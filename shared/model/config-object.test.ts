import { describe, expect, it } from 'vitest';
import { configPath, hasLabels, objectName } from './config-object.ts';

const object = {
  kind: 'VirtualService',
  apiVersion: 'networking.istio.io/v1',
  namespace: 'shop',
  name: 'web',
  created: '',
  labels: {},
  annotations: {},
};

describe('config objects', () => {
  it("are named in Envoy's metadata by their path", () => {
    expect(configPath(object)).toBe('/apis/networking.istio.io/v1/namespaces/shop/virtual-service/web');
  });

  it('are named in problems by kind, namespace and name', () => {
    expect(objectName(object)).toBe('VirtualService shop/web');
  });
});

describe('hasLabels', () => {
  it.each([
    [{ app: 'web' }, {}, true],
    [{ app: 'web', version: 'v1' }, { app: 'web' }, true],
    [{ app: 'web' }, { app: 'api' }, false],
    [{}, { app: 'web' }, false],
    [{}, { constructor: 'x' }, false],
  ])('%j picked by %j: %s', (labels, selector, expected) => {
    expect(hasLabels(labels, selector)).toBe(expected);
  });
});
