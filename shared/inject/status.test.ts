import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotated, pod } from '../../test/fixtures/inject.ts';
import { readStatus, statusText } from './status.ts';

const status = 'sidecar.istio.io/status';

describe('statusText', () => {
  it('names what a template adds, in the order of the format', () => {
    const template = {
      spec: {
        containers: [{ name: 'istio-proxy' }],
        initContainers: [{ name: 'istio-init' }],
        volumes: [{ name: 'v1' }, { name: 'v2' }],
        imagePullSecrets: [{ name: 's' }],
      },
    };

    expect(statusText(template, 'canary')).toBe(
      '{"initContainers":["istio-init"],"containers":["istio-proxy"],"volumes":["v1","v2"],"imagePullSecrets":["s"],"revision":"canary"}',
    );
  });

  it.each([{}, { spec: {} }, { spec: { containers: [], volumes: [] } }])('has null for what a template does not add: %j', (template) => {
    expect(statusText(template, '')).toBe(
      '{"initContainers":null,"containers":null,"volumes":null,"imagePullSecrets":null,"revision":"default"}',
    );
  });

  it('has an empty text for an item without a name, and escapes as Go does', () => {
    expect(statusText({ spec: { imagePullSecrets: [{}, { name: 'a<b' }] } }, 'r')).toContain('"imagePullSecrets":["","a\\u003cb"]');
  });
});

describe('readStatus', () => {
  it('is undefined without the annotation', () => {
    expect(readStatus(pod())).toBeUndefined();
    expect(readStatus({})).toBeUndefined();
  });

  it.each(['', 'injected', '{', '[]', '"text"', '7'])('is undefined for %j', (text) => {
    expect(readStatus(annotated({ [status]: text }))).toBeUndefined();
  });

  it.each(['{}', 'null'])('has nulls for members that are missing: %s', (text) => {
    expect(readStatus(annotated({ [status]: text }))).toEqual({
      initContainers: null,
      containers: null,
      volumes: null,
      imagePullSecrets: null,
      revision: '',
    });
  });

  it('leaves out what is no name', () => {
    const read = readStatus(annotated({ [status]: '{"containers":["a",1,null,"b"],"volumes":"v","revision":7}' }));

    expect(read).toMatchObject({ containers: ['a', 'b'], volumes: null, revision: '' });
  });

  it('reads back what was written', () => {
    const names = fc.array(fc.record({ name: fc.string() }), { minLength: 1 });
    const spec = fc.record({ containers: names, initContainers: names, volumes: names, imagePullSecrets: names }, { requiredKeys: [] });

    fc.assert(
      fc.property(spec, fc.string({ minLength: 1 }), (template, revision) => {
        const read = readStatus(annotated({ [status]: statusText({ spec: template }, revision) }));

        const list = (items?: readonly { readonly name: string }[]) => items?.map(({ name }) => name) ?? null;
        expect(read).toEqual({
          initContainers: list(template.initContainers),
          containers: list(template.containers),
          volumes: list(template.volumes),
          imagePullSecrets: list(template.imagePullSecrets),
          revision,
        });
      }),
    );
  });
});
