import { describe, expect, it } from 'vitest';
import { annotated, container, pod } from '../../test/fixtures/inject.ts';
import type { Container, Pod } from '../kube/pod.ts';
import { type GivenContainers, moveProxyToInitContainers, readOverrides, reapplyOverrides } from './overrides.ts';

const overrides = 'proxy.istio.io/overrides';
const nothing = { containers: [], initContainers: [] };

const proxy = (partial: Container = {}): Container => ({ name: 'istio-proxy', image: 'hub/proxyv2:1', ...partial });
const given = (partial: Partial<GivenContainers> = {}): GivenContainers => ({
  original: pod(),
  overrides: nothing,
  status: undefined,
  ...partial,
});
const status = (partial: { readonly containers?: readonly string[]; readonly initContainers?: readonly string[] }) => ({
  containers: null,
  initContainers: null,
  volumes: null,
  imagePullSecrets: null,
  revision: '',
  ...partial,
});

const merged = pod({ spec: { containers: [container(), proxy()] } });
const template: Pod = { spec: { containers: [proxy()] } };

describe('readOverrides', () => {
  it('has none without the annotation', () => {
    expect(readOverrides({})).toEqual({ ok: true, value: nothing });
  });

  it.each(['{}', '{"containers":null}', '{"unknown":1}', 'null'])('has none in %s', (text) => {
    expect(readOverrides(annotated({ [overrides]: text }))).toEqual({ ok: true, value: nothing });
  });

  it('reads both lists as containers', () => {
    const text = '{"containers":[{"name":"a","resources":{"limits":{"cpu":"1000m"}},"nonsense":1}],"initContainers":[{"name":"b"}]}';

    expect(readOverrides(annotated({ [overrides]: text }))).toEqual({
      ok: true,
      value: { containers: [{ name: 'a', resources: { limits: { cpu: '1' } } }], initContainers: [{ name: 'b' }] },
    });
  });

  it.each(['', '{', 'text', '[]', '7', '{"containers":"x"}', '{"containers":[{"name":1}]}'])('refuses %j by name', (text) => {
    expect(readOverrides(annotated({ [overrides]: text }))).toMatchObject({
      ok: false,
      error: expect.stringContaining(`annotation ${overrides}: `),
    });
  });
});

describe('reapplyOverrides', () => {
  it('changes nothing for a pod without containers of ours', () => {
    expect(reapplyOverrides({ merged, template }, given())).toEqual({ ok: true, value: merged });
  });

  it('lets what the user wrote win, and records it', () => {
    const own = proxy({ image: 'own', args: ['x'] });

    const result = reapplyOverrides({ merged, template }, given({ original: pod({ spec: { containers: [container(), own] } }) }));

    expect(result).toEqual({
      ok: true,
      value: pod({
        metadata: { annotations: { [overrides]: '{"containers":[{"name":"istio-proxy","image":"own","args":["x"],"resources":{}}]}' } },
        spec: { containers: [container(), own] },
      }),
    });
  });

  it('takes the image of the template for auto', () => {
    const original = pod({ spec: { containers: [proxy({ image: 'auto', tty: true })] } });
    const before = { merged: pod({ spec: { containers: [proxy()] } }), template };

    const result = reapplyOverrides(before, given({ original }));

    expect(result).toMatchObject({ value: { spec: { containers: [proxy({ tty: true })] } } });
    expect(result.ok && result.value.metadata?.annotations?.[overrides]).toBe(
      '{"containers":[{"name":"istio-proxy","resources":{},"tty":true}]}',
    );
  });

  it('looks for an init container of a template among regular ones too, and keeps it as an init container', () => {
    const native = { merged: pod({ spec: { initContainers: [proxy()] } }), template: { spec: { initContainers: [proxy()] } } };
    const original = pod({ spec: { containers: [container(), proxy({ tty: true })] } });

    const result = reapplyOverrides(native, given({ original }));

    expect(result).toMatchObject({ value: { spec: { initContainers: [proxy({ tty: true })] } } });
    expect(result.ok && result.value.metadata?.annotations?.[overrides]).toContain('"initContainers":');
  });

  it('looks for a regular container of a template among regular ones only', () => {
    const original = pod({ spec: { initContainers: [proxy({ tty: true })] } });

    expect(reapplyOverrides({ merged, template }, given({ original }))).toEqual({ ok: true, value: merged });
  });

  it('takes a container that an earlier injection added for its own, not for the user’s', () => {
    const original = pod({ spec: { containers: [container(), proxy({ tty: true })] } });

    const result = reapplyOverrides({ merged, template }, given({ original, status: status({ containers: ['istio-proxy'] }) }));

    expect(result).toEqual({ ok: true, value: merged });
  });

  it('takes a container that an earlier injection did not name for the user’s, without recording it again', () => {
    const original = pod({ spec: { containers: [container(), proxy({ tty: true })] } });

    const result = reapplyOverrides({ merged, template }, given({ original, status: status({ initContainers: ['istio-proxy'] }) }));

    expect(result).toEqual({ ok: true, value: pod({ spec: { containers: [container(), proxy({ tty: true })] } }) });
  });

  it('prefers what was recorded', () => {
    const recorded = { containers: [{ name: 'istio-proxy', tty: true }], initContainers: [] };

    const result = reapplyOverrides({ merged, template }, given({ overrides: recorded, status: status({ containers: ['istio-proxy'] }) }));

    expect(result).toEqual({ ok: true, value: pod({ spec: { containers: [container(), proxy({ tty: true })] } }) });
  });

  it('keeps the order of the list', () => {
    const both = {
      merged: pod({ spec: { containers: [proxy(), container()] } }),
      template: { spec: { containers: [container(), proxy()] } },
    };
    const original = pod({ spec: { containers: [container(), proxy()] } });

    const result = reapplyOverrides(both, given({ original }));

    expect(result.ok && result.value.spec?.containers?.map(({ name }) => name)).toEqual(['istio-proxy', 'app']);
  });
});

describe('moveProxyToInitContainers', () => {
  const native: Pod = { spec: { initContainers: [proxy()] } };
  const own = pod({ spec: { containers: [container(), proxy()], initContainers: [{ name: 'own' }] } });

  it('moves the user’s proxy behind the init containers', () => {
    const after = moveProxyToInitContainers(own, native);

    expect(after.spec).toEqual({ containers: [container()], initContainers: [{ name: 'own' }, proxy()] });
  });

  it('makes the list where there is none', () => {
    const after = moveProxyToInitContainers(pod({ spec: { containers: [proxy()] } }), native);

    expect(after.spec).toEqual({ containers: [], initContainers: [proxy()] });
  });

  it.each([
    ['the pod has no proxy', pod(), native],
    ['the template has a regular one', own, { spec: { containers: [proxy()] } }],
    ['the pod has one there already', pod({ spec: { containers: [proxy()], initContainers: [proxy()] } }), native],
    ['there is nothing at all', {}, {}],
  ])('changes nothing if %s', (_rule, before, rendered) => {
    expect(moveProxyToInitContainers(before, rendered)).toBe(before);
  });
});
