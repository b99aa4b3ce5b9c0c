import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../test/fixtures/apply-patch.ts';
import { arbitraryNoise, arbitraryPod, withNoise } from '../../test/fixtures/arbitrary-pod.ts';
import { container, injector, plainSettings } from '../../test/fixtures/inject.ts';
import { decode } from '../kube/decode.ts';
import { type Container, type Pod, pod as podSchema } from '../kube/pod.ts';
import type { InjectorConfig } from './config.ts';
import type { InjectAnswer } from './injector.ts';

interface Asked {
  readonly config?: Partial<InjectorConfig>;
  readonly namespace?: string;
  readonly path?: string;
}

const inject = (object: unknown, { config = {}, namespace = 'shop', path = '/inject' }: Asked = {}): InjectAnswer =>
  injector(config).inject({ object, namespace, path });

function injectedPod(object: unknown, asked: Asked = {}) {
  const answer = inject(object, asked);
  if (answer.kind !== 'injected') throw new Error(`pod was ${answer.kind}`);
  return answer.pod;
}

const raw = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [container()] } };
const variable = (object: unknown, name: string, asked: Asked = {}) =>
  injectedPod(object, asked)
    .spec?.containers?.find((candidate) => candidate.name === 'istio-proxy')
    ?.env?.findLast((entry) => entry.name === name)?.value;

describe('an injector', () => {
  it('gives a pod its sidecar', () => {
    const answer = inject(raw);

    expect(answer).toMatchObject({ kind: 'injected', decision: { inject: true, reason: 'policy-enabled' } });
    expect(injectedPod(raw).spec?.containers?.map(({ name }) => name)).toEqual(['app', 'istio-proxy']);
    expect(injectedPod(raw).spec?.initContainers?.map(({ name }) => name)).toEqual(['istio-init']);
  });

  it('leaves a pod alone that does not want one, with the reason', () => {
    const answer = inject({ ...raw, spec: { ...raw.spec, hostNetwork: true } });

    expect(answer).toEqual({ kind: 'skipped', decision: { inject: false, reason: 'host-network' } });
  });

  it('refuses a pod that cannot be injected, with the decision', () => {
    const answer = inject({ ...raw, metadata: { annotations: { 'sidecar.istio.io/interceptionMode': 'x' } } });

    expect(answer).toMatchObject({ kind: 'failed', decision: { inject: true } });
    expect(answer.kind === 'failed' && answer.error).toMatch(/^failed to run injection template: 1 error occurred:/);
  });

  it.each([null, undefined])('refuses a request without an object: %j', (object) => {
    expect(inject(object)).toEqual({ kind: 'failed', error: 'unexpected end of JSON input' });
  });

  it.each(['text', 7, true, [], { spec: 'x' }, { spec: { containers: {} } }, { metadata: { labels: { a: 1 } } }])(
    'refuses %j',
    (object) => {
      expect(inject(object)).toMatchObject({ kind: 'failed', error: expect.stringContaining('cannot unmarshal') });
    },
  );

  it('injects even an empty object', () => {
    const answer = inject({});

    expect(answer.kind).toBe('injected');
    expect(answer.kind === 'injected' && applyPatch({}, answer.patch)).toEqual(answer.kind === 'injected' && answer.pod);
  });

  it('decides by the namespace of the pod, then by that of the request', () => {
    const own = { ...raw, metadata: { namespace: 'own' } };

    expect(inject(raw, { namespace: 'kube-system' }).kind).toBe('skipped');
    expect(inject(own, { namespace: 'kube-system' }).kind).toBe('injected');
    expect(inject({ ...raw, metadata: { namespace: 'kube-system' } }).kind).toBe('skipped');
  });

  it('never sets the namespace, and never takes it away', () => {
    const own = { ...raw, metadata: { namespace: 'own' } };

    expect(injectedPod(raw).metadata).not.toHaveProperty('namespace');
    expect(injectedPod(raw, { namespace: '' }).metadata).not.toHaveProperty('namespace');
    expect(injectedPod(own).metadata?.namespace).toBe('own');
  });

  it('tells the owner the namespace of the request', () => {
    expect(variable(raw, 'ISTIO_META_OWNER')).toBe('kubernetes://apis/v1/namespaces/shop/pods/web');
    expect(variable(raw, 'ISTIO_META_OWNER', { namespace: '' })).toBe('kubernetes://apis/v1/namespaces/default/pods/web');
  });

  it('does not touch managed fields', () => {
    const managed = { ...raw, metadata: { managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:a': {} } }] } };

    const answer = inject(managed);

    const paths = answer.kind === 'injected' ? answer.patch.map(({ path }) => path) : [];
    expect(paths.filter((path) => path.includes('managedFields'))).toEqual([]);
    expect(paths.length).toBeGreaterThan(0);
  });

  it('takes the cluster and the network from the path', () => {
    const asked = { path: '/inject/cluster/c1/net/n1' };

    expect(variable(raw, 'ISTIO_META_CLUSTER_ID', asked)).toBe('c1');
    expect(variable(raw, 'ISTIO_META_NETWORK', asked)).toBe('n1');
    expect(injectedPod(raw, asked).metadata?.labels?.['topology.istio.io/network']).toBe('n1');
  });

  it('applies ProxyConfig resources', () => {
    const proxyConfigs = [{ namespace: 'shop', name: 'one', creationTimestamp: '', config: { proxyMetadata: { OWN: 'yes' } } }];

    expect(variable(raw, 'OWN', { config: { proxyConfigs } })).toBe('yes');
  });

  describe('on OpenShift', () => {
    const settings = { ...plainSettings, platform: 'openshift' };
    const clusterFacts = {
      kubeletVersions: {},
      namespaceAnnotations: { shop: { 'openshift.io/sa.scc.uid-range': '1000/10' } },
    };
    const idsOf = (object: unknown, config: Partial<InjectorConfig>) => {
      const proxy = injectedPod(object, { config }).spec?.containers?.find(({ name }) => name === 'istio-proxy');
      return [proxy?.securityContext?.runAsUser, proxy?.securityContext?.runAsGroup];
    };

    it('runs the proxy as an id of the namespace', () => {
      expect(idsOf(raw, { settings, clusterFacts })).toEqual([1009, 1009]);
      expect(idsOf(raw, { clusterFacts })).toEqual([1337, 1337]);
      expect(idsOf(raw, { settings })).toEqual([1337, 1337]);
    });

    it('replaces a user that the proxy has only inherited', () => {
      const securityContext = { runAsUser: 1000, runAsGroup: 1000 };
      const inherited = { spec: { containers: [container({ securityContext }), { name: 'istio-proxy', image: 'auto', securityContext }] } };

      expect(idsOf(inherited, { settings, clusterFacts })).toEqual([1009, 1009]);
      expect(idsOf(inherited, {})).toEqual([1000, 1000]);
    });
  });
});

const configs: readonly (readonly [string, Partial<InjectorConfig>])[] = [
  ['regular sidecars', {}],
  ['native sidecars', { settings: { ...plainSettings, nativeSidecars: 'true' } }],
];

/**
 * Exceptions, all of them with names of ours that the user wrote: containers of ours among the init containers, where one beside our regular proxy makes a pod
 * that the API server refuses; ports of a proxy that is moved there, which are told to the agent in the first injection only; and the annotation in which an
 * injection writes down what the user's own containers were, without an injection.
 */
function usesOurNames({ metadata = {}, spec = {} }: Pod): boolean {
  const isOurs = ({ name = '' }: Container) => ['istio-init', 'istio-proxy', 'istio-validation'].includes(name);
  const hasPorts = ({ name, ports }: Container) => name === 'istio-proxy' && ports !== undefined;
  const isRecorded = metadata.annotations?.['proxy.istio.io/overrides'] !== undefined;
  return isRecorded || (spec.initContainers ?? []).some(isOurs) || (spec.containers ?? []).some(hasPorts);
}

describe.each(configs)('with %s', (_name, config) => {
  const valid = arbitraryPod({ uniqueNames: true });
  const any = arbitraryPod({ uniqueNames: false });
  const one = injector(config);
  const ask = (object: unknown) => one.inject({ object, namespace: 'shop', path: '/inject' });

  it('answers for any pod, and says why not', () => {
    fc.assert(
      fc.property(any, arbitraryNoise, (pod, noise) => {
        const answer = ask(withNoise(pod, noise));

        expect(['injected', 'skipped', 'failed']).toContain(answer.kind);
        if (answer.kind === 'failed') expect(answer.error).not.toBe('');
      }),
      { numRuns: 200 },
    );
  });

  it('answers for anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(['injected', 'failed', 'skipped']).toContain(ask(value).kind);
      }),
      { numRuns: 100 },
    );
  });

  it('gives a patch that makes of what was sent the pod in the answer', () => {
    fc.assert(
      fc.property(any, arbitraryNoise, (pod, noise) => {
        const object = withNoise(pod, noise);

        const answer = ask(object);

        fc.pre(answer.kind === 'injected');
        const patched = applyPatch(object, answer.kind === 'injected' ? answer.patch : []);
        expect(decode(patched, podSchema, { zeros: 'drop' })).toEqual({ ok: true, value: answer.kind === 'injected' && answer.pod });
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same pod when it is asked again', () => {
    fc.assert(
      fc.property(valid, (object) => {
        fc.pre(!usesOurNames(object));
        const first = ask(object);
        fc.pre(first.kind === 'injected');
        const injected = applyPatch(object, first.kind === 'injected' ? first.patch : []);

        const second = ask(injected);

        expect(second.kind === 'injected' ? second.pod : second).toEqual(first.kind === 'injected' && first.pod);
      }),
      { numRuns: 150 },
    );
  });
});
