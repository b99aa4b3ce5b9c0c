import { describe, expect, it } from 'vitest';
import { annotated, container, injectorConfig, plainSettings, pod, values } from '../../test/fixtures/inject.ts';
import type { EnvVar, Pod } from '../kube/pod.ts';
import type { InjectorConfig } from './config.ts';
import { postProcess, type Rendered } from './post-process.ts';

function processed(given: Partial<Rendered>, config: Partial<InjectorConfig> = {}): Pod {
  const result = postProcess({ pod: pod(), template: {}, environment: new Map(), ...given }, injectorConfig(config));
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const withProxy = (env: readonly EnvVar[] = [], annotations: Readonly<Record<string, string>> = {}) =>
  annotated(annotations, { containers: [{ name: 'istio-proxy', env }, container()] });
const environmentOf = (given: Pod) =>
  given.spec?.containers?.find(({ name }) => name === 'istio-proxy')?.env?.map(({ name, value }) => `${name}=${value}`);

describe('postProcess', () => {
  it('writes the status, the configured annotations and the labels', () => {
    const after = processed(
      { template: { spec: { containers: [{ name: 'istio-proxy' }] } } },
      { revision: 'canary', injectedAnnotations: { a: '1' } },
    );

    expect(after.metadata?.annotations).toMatchObject({ a: '1' });
    expect(JSON.parse(after.metadata?.annotations?.['sidecar.istio.io/status'] ?? '')).toMatchObject({
      containers: ['istio-proxy'],
      revision: 'canary',
    });
    expect(after.metadata?.labels).toEqual({});
  });

  it('makes an object of nothing', () => {
    expect(processed({ pod: {} })).toMatchObject({ metadata: { labels: {} }, spec: {} });
  });

  it('puts cluster and network at the end of the environment, sorted, and once', () => {
    const environment = new Map([
      ['ISTIO_META_NETWORK', 'n1'],
      ['FOO', ''],
      ['ISTIO_META_CLUSTER_ID', 'c1'],
    ]);

    const after = processed({
      pod: withProxy([
        { name: 'ISTIO_META_CLUSTER_ID', value: 'old' },
        { name: 'A', value: '1' },
        { name: 'FOO', value: 'old' },
      ]),
      environment,
    });

    expect(environmentOf(after)).toEqual(['A=1', 'FOO=', 'ISTIO_META_CLUSTER_ID=c1', 'ISTIO_META_NETWORK=n1']);
    expect(after.metadata?.labels).toEqual({ 'topology.istio.io/network': 'n1' });
  });

  const network = new Map([['ISTIO_META_NETWORK', 'n1']]);

  it('puts them in front of what later steps added, in a second injection', () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'ISTIO_PROMETHEUS_ANNOTATIONS', value: '{}' },
      { name: 'ISTIO_META_NETWORK', value: 'n1' },
      { name: 'ISTIO_KUBE_APP_PROBERS', value: '{}' },
    ];

    const second = processed({ pod: withProxy(env, { 'sidecar.istio.io/status': '{}' }), environment: network });
    const first = processed({ pod: withProxy(env), environment: network });

    expect(environmentOf(second)).toEqual(['A=1', 'ISTIO_META_NETWORK=n1', 'ISTIO_PROMETHEUS_ANNOTATIONS={}', 'ISTIO_KUBE_APP_PROBERS={}']);
    expect(environmentOf(first)?.at(-1)).toBe('ISTIO_META_NETWORK=n1');
  });

  it('labels a pod without a proxy too', () => {
    expect(processed({ environment: network }).metadata?.labels).toEqual({ 'topology.istio.io/network': 'n1' });
  });

  it('merges metrics before it looks for the port of secure metrics', () => {
    const after = processed({
      pod: withProxy([{ name: 'ENVOY_SECURE_MERGED_METRICS_PORT', value: '15092' }], { 'prometheus.io/port': '9090' }),
    });

    expect(after.metadata?.annotations).toMatchObject({ 'prometheus.io/port': '15020', 'prometheus.istio.io/secure-port': '15092' });
    expect(environmentOf(after)?.[1]).toMatch(/^ISTIO_PROMETHEUS_ANNOTATIONS=/);
  });

  it('refuses ports of the proxy', () => {
    const result = postProcess(
      { pod: annotated({ 'prometheus.io/port': '15090' }), template: {}, environment: new Map() },
      injectorConfig(),
    );

    expect(result).toMatchObject({ ok: false, error: expect.stringContaining('reserved for Istio') });
  });

  it('knows the agent’s port by the mesh, and the defaults where it says nothing', () => {
    const portIn = (mesh: InjectorConfig['mesh']) => processed({}, { mesh }).metadata?.annotations?.['prometheus.io/port'];

    expect([portIn({ defaultConfig: { statusPort: 15999 } }), portIn({}), portIn({ enablePrometheusMerge: false })]).toEqual([
      '15999',
      '15020',
      undefined,
    ]);
  });

  it('rewrites probes by the values', () => {
    const given = pod({ spec: { containers: [{ name: 'istio-proxy' }, container({ livenessProbe: { tcpSocket: { port: 1 } } })] } });
    const off = values({ sidecarInjectorWebhook: { rewriteAppHTTPProbe: false } });
    const probed = (config: Partial<InjectorConfig>) =>
      processed({ pod: given }, config).spec?.containers?.find(({ name }) => name === 'app')?.livenessProbe;

    expect(probed({})).toHaveProperty('httpGet');
    expect(probed({ values: off })).toHaveProperty('tcpSocket');
  });

  it('orders the containers at last', () => {
    const order = (config: Partial<InjectorConfig>) => processed({ pod: withProxy() }, config).spec?.containers?.map(({ name }) => name);

    expect(order({})).toEqual(['app', 'istio-proxy']);
    expect(order({ values: values({ global: { proxy: { holdApplicationUntilProxyStarts: true } } }) })).toEqual(['istio-proxy', 'app']);
  });

  it('takes the roots along inline', () => {
    const settings = { ...plainSettings, rootCertificate: { mode: 'inline', pem: 'PEM' } } as const;

    expect(processed({}, { settings }).metadata?.annotations?.['pilotless.io/root-certificates']).toBe('PEM');
  });
});
