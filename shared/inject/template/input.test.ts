import { describe, expect, it } from 'vitest';
import { annotated, container, labelled, pod, templateInput } from '../../../test/fixtures/inject.ts';
import { annotationOr, applicationContainers, firstLabel, hasAnnotation } from './input.ts';

describe('what templates ask their input', () => {
  it('an annotation counts if it is there, even empty', () => {
    const given = templateInput({ pod: annotated({ a: '', b: 'x' }) });

    expect([annotationOr(given, 'a', 'd'), annotationOr(given, 'b', 'd'), annotationOr(given, 'c', 'd')]).toEqual(['', 'x', 'd']);
    expect([hasAnnotation(given, 'a'), hasAnnotation(given, 'c')]).toEqual([true, false]);
    expect(hasAnnotation(templateInput({ pod: {} }), 'a')).toBe(false);
  });

  it('a label counts if it has a text', () => {
    const given = templateInput({ pod: labelled({ a: '', b: 'x', c: 'y' }) });

    expect(firstLabel(given, 'a', 'b', 'c')).toBe('x');
    expect(firstLabel(given, 'a')).toBeUndefined();
  });

  it('the proxy is no application container', () => {
    const given = templateInput({ pod: pod({ spec: { containers: [{ name: 'istio-proxy' }, container()] } }) });

    expect(applicationContainers(given)).toEqual([container()]);
    expect(applicationContainers(templateInput({ pod: {} }))).toEqual([]);
  });
});
