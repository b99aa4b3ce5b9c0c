import { describe, expect, it } from 'vitest';
import { container, fixedTemplate, pod, templateInput } from '../../test/fixtures/inject.ts';
import { fail, ok } from '../lib/result.ts';
import { renderAndMerge } from './merge.ts';
import type { Template } from './template/index.ts';

const stay = { movesProxy: false };
const move = { movesProxy: true };

describe('renderAndMerge', () => {
  it('lays the templates over the pod in their order, and keeps what they alone say', () => {
    const one = fixedTemplate({ metadata: { labels: { a: '1', b: '1' } }, spec: { containers: [{ name: 'istio-proxy', image: 'one' }] } });
    const two = fixedTemplate({ metadata: { labels: { b: '2' } }, spec: { containers: [{ name: 'istio-proxy', image: 'two' }] } });

    const result = renderAndMerge(pod(), [one, two], templateInput(), stay);

    const labels = { a: '1', b: '2' };
    const proxy = { name: 'istio-proxy', image: 'two' };
    expect(result).toEqual(
      ok({
        merged: pod({ metadata: { labels }, spec: { containers: [proxy, container()] } }),
        template: { metadata: { labels }, spec: { containers: [proxy] } },
      }),
    );
  });

  it('gives the pod as it came without templates', () => {
    expect(renderAndMerge(pod(), [], templateInput(), stay)).toEqual(ok({ merged: pod(), template: {} }));
  });

  it('shows every template the same input', () => {
    const input = templateInput();
    const seen: unknown[] = [];
    const watching: Template = (given) => {
      seen.push(given);
      return ok({});
    };

    renderAndMerge(pod(), [watching, watching], input, stay);

    expect(seen).toEqual([input, input]);
    expect(seen[0]).toBe(seen[1]);
  });

  it('moves the proxy of the user to where the template has it', () => {
    const native = fixedTemplate({ spec: { initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always' }] } });
    const given = pod({ spec: { containers: [container(), { name: 'istio-proxy', image: 'own' }] } });

    const moved = renderAndMerge(given, [native], templateInput(), move);
    const left = renderAndMerge(given, [native], templateInput(), stay);

    expect(moved).toMatchObject({
      value: {
        merged: { spec: { containers: [container()], initContainers: [{ name: 'istio-proxy', image: 'own', restartPolicy: 'Always' }] } },
      },
    });
    expect(left).toMatchObject({ value: { merged: { spec: { initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always' }] } } } });
  });

  it('hands on what a template refuses', () => {
    expect(renderAndMerge(pod(), [() => fail('no')], templateInput(), stay)).toEqual(fail('no'));
  });

  it('says so if the templates do not make a pod', () => {
    const result = renderAndMerge(pod(), [fixedTemplate({ spec: { containers: 'x' } })], templateInput(), stay);

    expect(result).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^failed applying injection overlay: json: cannot unmarshal string/),
    });
  });

  it('says so if a template does not fit the pod', () => {
    const text = fixedTemplate({ spec: { containers: [{ name: 'app', $patch: 'merge' }] } });
    const result = renderAndMerge(pod(), [text], templateInput(), stay);

    expect(result).toEqual(
      fail(
        'failed parsing generated injected YAML (check Istio sidecar injector configuration): ' +
          'strategic merge: merging lists cannot yet be specified in the patch',
      ),
    );
  });
});
