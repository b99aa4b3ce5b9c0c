import { describe, expect, it } from 'vitest';
import { annotated, injectorConfig, pod, values } from '../../test/fixtures/inject.ts';
import { decodeMeshConfig } from '../config/mesh/mesh-config.ts';
import { defaultProxyConfig } from '../config/mesh/proxy-config.ts';
import { checkProxyConfigText, effectiveProxyConfig, holdsApplication, type ProxyConfigResource } from './proxy-config.ts';

const name = 'proxy.istio.io/config';
const { mesh } = injectorConfig();

const resource = (partial: Partial<ProxyConfigResource>): ProxyConfigResource => ({
  namespace: 'shop',
  name: 'one',
  creationTimestamp: '2026-01-01T00:00:00Z',
  config: {},
  ...partial,
});

const concurrencyOf = (resources: readonly ProxyConfigResource[], annotations: Readonly<Record<string, string>> = {}) =>
  effectiveProxyConfig(pod({ metadata: { annotations, labels: { app: 'web' } } }), { mesh, resources }).concurrency;

const web = { matchLabels: { app: 'web' } };

describe('effectiveProxyConfig', () => {
  it('is that of the mesh where nobody says more', () => {
    expect(effectiveProxyConfig(pod(), { mesh, resources: [] })).toEqual(mesh.defaultConfig);
    expect(effectiveProxyConfig({}, { mesh: {}, resources: [] })).toEqual(defaultProxyConfig);
  });

  const root = resource({ namespace: 'istio-system', config: { concurrency: 1 } });
  const own = resource({ config: { concurrency: 2 } });
  const annotations = { [name]: 'concurrency: 3' };
  const selecting = resource({ selector: web, config: { concurrency: 4 } });

  it('goes from the mesh over namespaces and annotation to what selects the pod', () => {
    expect(concurrencyOf([])).toBeUndefined();
    expect(concurrencyOf([root])).toBe(1);
    expect(concurrencyOf([own, root])).toBe(2);
    expect(concurrencyOf([own, root], annotations)).toBe(3);
    expect(concurrencyOf([selecting, own, root], annotations)).toBe(4);
  });

  it.each([
    ['of other namespaces', resource({ namespace: 'other', config: { concurrency: 9 } })],
    ['that select in other namespaces', resource({ namespace: 'istio-system', selector: web, config: { concurrency: 9 } })],
    ['that select other pods', resource({ selector: { matchLabels: { app: 'x' } }, config: { concurrency: 9 } })],
    ['with an empty selector', resource({ selector: {}, config: { concurrency: 9 } })],
  ])('leaves out resources %s', (_rule, given) => {
    expect(concurrencyOf([given])).toBeUndefined();
  });

  it('takes the oldest of several, then the first by name', () => {
    const old = resource({ name: 'z', creationTimestamp: '2025-01-01T00:00:00Z', config: { concurrency: 5 } });
    const young = resource({ name: 'a', config: { concurrency: 6 } });
    const twin = resource({ name: 'b', config: { concurrency: 7 } });

    expect(concurrencyOf([young, old])).toBe(5);
    expect(concurrencyOf([twin, young])).toBe(6);
    expect(concurrencyOf([young, twin])).toBe(6);
  });

  it('knows the root namespace by the mesh', () => {
    const elsewhere = { ...mesh, rootNamespace: 'roots' };
    const given = resource({ namespace: 'roots', config: { concurrency: 8 } });

    expect(effectiveProxyConfig(pod(), { mesh: elsewhere, resources: [given, root] }).concurrency).toBe(8);
    expect(effectiveProxyConfig(pod(), { mesh: { ...mesh, rootNamespace: '' }, resources: [root] }).concurrency).toBe(1);
  });

  it('applies a resource of the root namespace once to pods of that namespace', () => {
    const given = pod({ metadata: { namespace: 'istio-system' } });

    expect(effectiveProxyConfig(given, { mesh, resources: [root] }).concurrency).toBe(1);
  });

  it('joins proxyMetadata key by key', () => {
    const below = resource({ config: { proxyMetadata: { A: '1', B: '1' } } });
    const given = annotated({ [name]: 'proxyMetadata: {B: "2"}' });

    expect(effectiveProxyConfig(given, { mesh, resources: [below] }).proxyMetadata).toEqual({ A: '1', B: '2' });
  });

  it('cannot be set back to a zero value, except where zero means something', () => {
    const config = effectiveProxyConfig(annotated({ [name]: '{statusPort: 0, concurrency: 0}' }), { mesh, resources: [] });

    expect(config).toMatchObject({ statusPort: 15020, concurrency: 0 });
  });

  it.each(['', '{', 'text', 'concurrency: many', '[]'])('ignores the annotation %j, which is no configuration', (text) => {
    expect(effectiveProxyConfig(annotated({ [name]: text }), { mesh, resources: [] })).toEqual(mesh.defaultConfig);
  });

  it('does not change the order of the resources it is given', () => {
    const resources = Object.freeze([selecting, own, root]);

    expect(() => concurrencyOf(resources)).not.toThrow();
  });
});

describe('checkProxyConfigText', () => {
  it.each(['', 'concurrency: 2', 'unknown: 1'])('has nothing to say of %j', (text) => {
    expect(checkProxyConfigText(text)).toBeUndefined();
  });

  it('says that a text cannot be read', () => {
    expect(checkProxyConfigText('a: [')).toMatch(/^failed to convert to apply proxy config: /);
  });

  it('says what the configuration lacks', () => {
    expect(checkProxyConfigText('discoveryAddress: ""')).toContain('discovery address must be set');
  });
});

describe('holdsApplication', () => {
  const holding = values({ global: { proxy: { holdApplicationUntilProxyStarts: true } } });
  const yes = annotated({ [name]: 'holdApplicationUntilProxyStarts: true' });
  const no = annotated({ [name]: 'holdApplicationUntilProxyStarts: false' });
  const holdingMesh = decodeMeshConfig({ defaultConfig: { holdApplicationUntilProxyStarts: true } }).value;

  it.each([
    ['nobody', pod(), mesh, values(), false],
    ['the annotation', yes, mesh, values(), true],
    ['the mesh', pod(), holdingMesh, values(), true],
    ['the mesh, but the annotation says no', no, holdingMesh, values(), false],
    ['values', pod(), mesh, holding, true],
    ['values, although the annotation says no', no, mesh, holding, true],
  ] as const)('asked for by %s', (_who, given, meshConfig, given2, holds) => {
    expect(holdsApplication(given, meshConfig, given2)).toBe(holds);
  });
});
