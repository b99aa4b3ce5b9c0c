import { describe, expect, it } from 'vitest';
import { container, pod } from '../../test/fixtures/inject.ts';
import { appendProxyEnvironment, findContainer, findIn, updateContainer, withAnnotations } from './containers.ts';

const init = container({ name: 'istio-proxy', image: 'init' });
const regular = container({ name: 'istio-proxy', image: 'regular' });

describe('findContainer', () => {
  it('looks among regular containers first', () => {
    expect(findContainer({ containers: [regular], initContainers: [init] }, 'istio-proxy')).toBe(regular);
  });

  it('looks among init containers then', () => {
    expect(findContainer({ containers: [container()], initContainers: [init] }, 'istio-proxy')).toBe(init);
  });

  it.each([undefined, {}, { containers: [] }])('finds nothing in %j', (spec) => {
    expect(findContainer(spec, 'istio-proxy')).toBeUndefined();
  });
});

describe('findIn', () => {
  it('looks in one list only', () => {
    expect(findIn({ containers: [regular] }, 'initContainers', 'istio-proxy')).toBeUndefined();
  });

  it('takes the first of several', () => {
    expect(findIn({ containers: [regular, init] }, 'containers', 'istio-proxy')).toBe(regular);
  });
});

describe('updateContainer', () => {
  it('changes one container and shares the rest', () => {
    const before = pod({ spec: { containers: [container(), regular], initContainers: [init] } });

    const after = updateContainer(before, 'istio-proxy', (found) => ({ ...found, image: 'new' }));

    expect(after.spec?.containers).toEqual([container(), { ...regular, image: 'new' }]);
    expect(after.spec?.containers?.[0]).toBe(before.spec?.containers?.[0]);
    expect(after.spec?.initContainers).toBe(before.spec?.initContainers);
  });

  it('changes an init container if there is no regular one', () => {
    const after = updateContainer(pod({ spec: { initContainers: [init] } }), 'istio-proxy', () => regular);

    expect(after.spec?.initContainers).toEqual([regular]);
  });

  it('changes the first of two of that name', () => {
    const twice = pod({ spec: { containers: [regular, { ...regular }] } });

    const after = updateContainer(twice, 'istio-proxy', (found) => ({ ...found, image: 'new' }));

    expect(after.spec?.containers?.map(({ image }) => image)).toEqual(['new', 'regular']);
  });

  it.each([pod(), {}])('gives the same pod if there is none of that name', (given) => {
    expect(updateContainer(given, 'istio-proxy', () => regular)).toBe(given);
  });
});

describe('appendProxyEnvironment', () => {
  it('adds at the end, also beside an entry of that name', () => {
    const given = pod({ spec: { containers: [{ ...regular, env: [{ name: 'A', value: '1' }] }] } });

    const after = appendProxyEnvironment(given, [{ name: 'A', value: '2' }]);

    expect(after.spec?.containers?.[0]?.env).toEqual([
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ]);
  });

  it('makes an environment where there is none', () => {
    const after = appendProxyEnvironment(pod({ spec: { containers: [regular] } }), [{ name: 'A' }]);

    expect(after.spec?.containers?.[0]?.env).toEqual([{ name: 'A' }]);
  });

  it('changes nothing without entries, or without a proxy', () => {
    const given = pod();

    expect(appendProxyEnvironment(given, [])).toBe(given);
    expect(appendProxyEnvironment(given, [{ name: 'A' }])).toBe(given);
  });
});

describe('withAnnotations', () => {
  it('sets some and keeps the others', () => {
    const after = withAnnotations(pod({ metadata: { annotations: { a: '1', b: '2' } } }), { b: '3', c: '4' });

    expect(after.metadata).toEqual({ name: 'web', namespace: 'shop', annotations: { a: '1', b: '3', c: '4' } });
  });

  it('makes metadata where there is none', () => {
    expect(withAnnotations({}, { a: '1' })).toEqual({ metadata: { annotations: { a: '1' } } });
  });
});
