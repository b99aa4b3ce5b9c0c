import { describe, expect, it } from 'vitest';
import { annotated, container, labelled, pod, templateInput } from '../../../test/fixtures/inject.ts';
import { canonicalLabels, defaultContainerAnnotations, revisionAnnotation } from './metadata.ts';

const name = 'service.istio.io/canonical-name';
const revision = 'service.istio.io/canonical-revision';

describe('canonicalLabels', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, string, string]>([
    ['the workload', {}, 'web', 'latest'],
    ['app and version', { app: 'a', version: 'v' }, 'a', 'v'],
    ['the recommended labels', { app: 'a', 'app.kubernetes.io/name': 'n', version: 'v', 'app.kubernetes.io/version': 'w' }, 'n', 'w'],
    ['its own labels', { app: 'a', 'app.kubernetes.io/name': 'n', [name]: 'own', version: 'v', [revision]: 'r' }, 'own', 'r'],
    ['what is not empty', { app: '', version: '', 'app.kubernetes.io/name': '' }, 'web', 'latest'],
  ])('name a pod by %s', (_what, labels, canonicalName, canonicalRevision) => {
    expect(canonicalLabels(templateInput({ pod: labelled(labels) }))).toEqual({ [name]: canonicalName, [revision]: canonicalRevision });
  });

  it.each([
    ['a'.repeat(70), 'a'.repeat(63)],
    [`${'a'.repeat(62)}-b`, 'a'.repeat(62)],
    ['-_.a-b_c.-', 'a-b_c'],
    ['---', ''],
    ['', ''],
  ])('make a label value of the workload name %s', (workload, label) => {
    const owner = { ...templateInput().owner, name: workload };

    expect(canonicalLabels(templateInput({ owner }))[name]).toBe(label);
  });
});

describe('defaultContainerAnnotations', () => {
  const defaults = 'kubectl.kubernetes.io/default-container';
  const logs = 'kubectl.kubernetes.io/default-logs-container';

  it('name the first container that is not the proxy', () => {
    const given = pod({ spec: { containers: [{ name: 'istio-proxy' }, container({ name: 'b' }), container()] } });

    expect(defaultContainerAnnotations(templateInput({ pod: given }))).toEqual({ [logs]: 'b', [defaults]: 'b' });
  });

  it('keep what the user chose, even nothing', () => {
    expect(defaultContainerAnnotations(templateInput({ pod: annotated({ [defaults]: '' }) }))).toEqual({ [logs]: 'app' });
    expect(defaultContainerAnnotations(templateInput({ pod: annotated({ [logs]: 'x' }) }))).toEqual({ [defaults]: 'app' });
  });

  it.each([{}, pod({ spec: { containers: [{ name: 'istio-proxy' }] } }), pod({ spec: { containers: [{}] } })])(
    'are none for %j',
    (given) => {
      expect(defaultContainerAnnotations(templateInput({ pod: given }))).toEqual({});
    },
  );
});

describe('revisionAnnotation', () => {
  it.each([
    ['canary', 'canary'],
    ['', 'default'],
  ])('of %j is %s', (given, text) => {
    expect(revisionAnnotation(templateInput({ revision: given }))).toEqual({ 'istio.io/rev': text });
  });
});
