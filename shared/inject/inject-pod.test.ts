import { describe, expect, it } from 'vitest';
import { annotated, container, fixedTemplate, injectorConfig, labelled, plainSettings, pod, values } from '../../test/fixtures/inject.ts';
import type { Pod } from '../kube/pod.ts';
import { ok } from '../lib/result.ts';
import type { InjectorConfig } from './config.ts';
import { injectPod } from './inject-pod.ts';
import type { TemplateInput } from './template/index.ts';

const owner = { apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'shop' };

const inject = (given: Pod, config: Partial<InjectorConfig> = {}, environment: Readonly<Record<string, string>> = {}) =>
  injectPod({ pod: given, owner, pathEnvironment: new Map(Object.entries(environment)), proxyConfig: {} }, injectorConfig(config));

/** What the templates get to see. */
function seen(given: Pod, config: Partial<InjectorConfig> = {}): TemplateInput | undefined {
  let input: TemplateInput | undefined;
  const watching = (shown: TemplateInput) => {
    input = shown;
    return ok({});
  };
  inject(given, { templates: new Map([['sidecar', watching]]), ...config });
  return input;
}

describe('what templates see', () => {
  it.each([
    [{}, {}, 'registry.istio.io/release/proxyv2:1.30.0', 'registry.istio.io/release/proxyv2:1.30.0'],
    [{}, { variant: 'debug' }, 'registry.istio.io/release/proxyv2:1.30.0-debug', 'registry.istio.io/release/proxyv2:1.30.0-debug'],
    [{ 'sidecar.istio.io/proxyImageType': '' }, { variant: 'debug', tag: 't', hub: 'h' }, 'h/proxyv2:t', 'h/proxyv2:t'],
    [{ 'sidecar.istio.io/proxyImageType': 'distroless' }, { tag: 't-debug', hub: 'h' }, 'h/proxyv2:t-distroless', 'h/proxyv2:t-distroless'],
    [{}, { hub: 'h', tag: 't', proxy: { image: 'p' }, proxy_init: { image: 'i' } }, 'h/p:t', 'h/i:t'],
  ])('with annotations %j and values %j the images are %s and %s', (annotations, global, proxyImage, proxyInitImage) => {
    expect(seen(annotated(annotations), { values: values({ global }) })).toMatchObject({ proxyImage, proxyInitImage });
  });

  it('the image type of the proxy configuration is for the proxy alone', () => {
    let input: TemplateInput | undefined;
    const watching = (shown: TemplateInput) => {
      input = shown;
      return ok({});
    };
    const config = injectorConfig({ templates: new Map([['sidecar', watching]]), values: values({ global: { hub: 'h', tag: 't' } }) });

    injectPod({ pod: pod(), owner, pathEnvironment: new Map(), proxyConfig: { image: { imageType: 'debug' } } }, config);

    expect(input).toMatchObject({ proxyImage: 'h/proxyv2:t-debug', proxyInitImage: 'h/proxyv2:t' });
  });

  it('the pod is as its user wrote it', () => {
    const status = { 'sidecar.istio.io/status': '{"containers":["istio-proxy"]}', own: 'x' };

    const input = seen(annotated(status, { containers: [container(), { name: 'istio-proxy' }] }));

    expect(input?.pod.spec?.containers).toEqual([container()]);
    expect(input?.pod.metadata?.annotations).toEqual({ own: 'x' });
  });

  it.each([
    [{ inboundTrafficPolicy: { mode: 'LOCALHOST' } }, 'localhost'],
    [{ inboundTrafficPolicy: {} }, 'passthrough'],
    [{}, 'passthrough'],
  ] as const)('the mesh %j sends inbound traffic to %s', (mesh, inboundTrafficPolicyMode) => {
    expect(seen(pod(), { mesh })).toMatchObject({ inboundTrafficPolicyMode });
  });

  it('the switches are those of the configuration, before the pod’s own wish', () => {
    const settings = { ...plainSettings, nativeSidecars: 'true', compliancePolicy: 'pqc', rootCertificate: { mode: 'system' } } as const;

    expect(seen(annotated({ 'sidecar.istio.io/nativeSidecar': 'false' }), { settings, revision: 'r' })).toMatchObject({
      nativeSidecars: true,
      compliancePolicy: 'pqc',
      rootCertificate: 'system',
      revision: 'r',
    });
  });
});

describe('injectPod', () => {
  const network = 'topology.istio.io/network';
  const networkOf = (result: ReturnType<typeof inject>) => (result.ok ? result.value.metadata?.labels?.[network] : undefined);
  const inValues = { values: values({ global: { network: 'values', multiCluster: { clusterName: 'values' } } }) };

  it('takes the network from the label, the path, or values', () => {
    const path = { ISTIO_META_NETWORK: 'path' };

    expect(networkOf(inject(labelled({ [network]: 'label' }), inValues, path))).toBe('label');
    expect(networkOf(inject(labelled({ [network]: '' }), inValues, path))).toBe('path');
    expect(networkOf(inject(pod(), inValues))).toBe('values');
    expect(networkOf(inject(pod()))).toBeUndefined();
  });

  it('takes the cluster from the path, or values', () => {
    const clusterOf = (environment: Readonly<Record<string, string>>) => {
      const result = inject(pod(), inValues, environment);
      const proxy = result.ok ? result.value.spec?.containers?.find(({ name }) => name === 'istio-proxy') : undefined;
      return proxy?.env?.filter(({ name }) => name === 'ISTIO_META_CLUSTER_ID').map(({ value }) => value);
    };

    expect(clusterOf({ ISTIO_META_CLUSTER_ID: 'path' })).toEqual(['path']);
    expect(clusterOf({ ISTIO_META_CLUSTER_ID: '' })).toEqual(['values']);
  });

  it.each([
    ['an annotation', annotated({ 'sidecar.istio.io/proxyCPU': 'x' }), {}, 'failed to run injection template: 1 error occurred:'],
    [
      'overrides',
      annotated({ 'proxy.istio.io/overrides': '{' }),
      {},
      'failed to run injection template: annotation proxy.istio.io/overrides',
    ],
    ['a template name', annotated({ 'inject.istio.io/templates': 'x' }), {}, 'failed to run injection template: requested template "x"'],
    [
      'a template',
      pod(),
      { templates: new Map([['sidecar', fixedTemplate({ spec: 7 })]]) },
      'failed to run injection template: failed applying injection overlay',
    ],
    ['a port', annotated({ 'prometheus.io/port': '15090' }), {}, 'failed to process pod: invalid prometheus scrape configuration'],
  ])('says in which stage %s was refused', (_what, given, config, message) => {
    const result = inject(given, config);

    expect(result).toMatchObject({ ok: false, error: expect.stringContaining(message) });
  });

  it('gives the same pod a second time', () => {
    const first = inject(annotated({ 'sidecar.istio.io/proxyCPU': '1' }));
    const again = first.ok ? inject(first.value) : first;

    expect(again).toEqual(first);
  });
});
