import { describe, expect, it } from 'vitest';
import { container, pod } from '../../../test/fixtures/inject.ts';
import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import { otelResourceAttributes } from './otel.ts';

const enriching: MeshConfig = {
  extensionProviders: [
    { name: 'a', prometheus: {} },
    { name: 'b', opentelemetry: { serviceAttributeEnrichment: 'OTEL_SEMANTIC_CONVENTIONS' } },
  ],
};
const image = (text: string) => pod({ spec: { containers: [container({ image: text })] } });
const prefix = 'resource.opentelemetry.io';

describe('otelResourceAttributes', () => {
  it.each<MeshConfig>([{}, { extensionProviders: [] }, { extensionProviders: [{ name: 'b', opentelemetry: {} }] }])(
    'are none where no provider asks for them: %j',
    (mesh) => {
      expect(otelResourceAttributes(mesh, pod(), 'shop')).toBe('');
    },
  );

  it('name namespace, version and instance', () => {
    expect(otelResourceAttributes(enriching, pod(), 'shop')).toBe(
      'service.namespace=shop,service.version=1,service.instance.id=shop.$(POD_NAME).app',
    );
  });

  it('take the default namespace for none', () => {
    expect(otelResourceAttributes(enriching, {}, '')).toBe('service.namespace=default');
  });

  it('take the annotations of the pod', () => {
    const annotations = {
      [`${prefix}/service.namespace`]: 'n',
      [`${prefix}/service.version`]: 'v',
      [`${prefix}/service.instance.id`]: 'i',
    };

    expect(otelResourceAttributes(enriching, pod({ metadata: { annotations } }), 'shop')).toBe(
      'service.namespace=n,service.version=v,service.instance.id=i',
    );
  });

  it('take an empty annotation for none', () => {
    const annotations = { [`${prefix}/service.version`]: '' };

    expect(otelResourceAttributes(enriching, pod({ metadata: { annotations } }), 'shop')).toContain('service.version=1,');
  });

  it('prefer the version label to the image', () => {
    const labelled = pod({ metadata: { labels: { 'app.kubernetes.io/version': '7' } } });

    expect(otelResourceAttributes(enriching, labelled, 'shop')).toContain('service.version=7,');
  });

  it.each([
    ['app:1.2', 'service.version=1.2,'],
    ['registry.example:5000/app', undefined],
    ['registry.example:5000/app:3', 'service.version=3,'],
    ['app@sha256:abc', 'service.version=sha256:abc,'],
    ['app:1@sha256:abc', 'service.version=1@sha256:abc,'],
    ['app', undefined],
    ['', undefined],
  ])('read the version of the image %j', (text, version) => {
    const attributes = otelResourceAttributes(enriching, image(text), 'shop');

    if (version === undefined) expect(attributes).not.toContain('service.version');
    else expect(attributes).toContain(version);
  });

  it('have no version of an image where there are several', () => {
    const several = pod({ spec: { containers: [container(), container({ name: 'b' })] } });

    expect(otelResourceAttributes(enriching, several, 'shop')).toBe('service.namespace=shop,service.instance.id=shop.$(POD_NAME).app');
  });
});
