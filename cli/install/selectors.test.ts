import { describe, expect, it } from 'vitest';
import { matchesAll } from '../../shared/kube/label-selector.ts';
import { bypassLabel, injectionSelections, validationSelections } from './selectors.ts';

type Labels = Readonly<Record<string, string>>;

/** Names of the webhooks that are called for a pod; two would be one too many. */
function asked(revision: string, { namespace, pod }: { readonly namespace: Labels; readonly pod: Labels }): readonly string[] {
  return injectionSelections(revision)
    .filter(({ namespaceSelector, objectSelector }) => matchesAll(namespaceSelector, namespace) && matchesAll(objectSelector, pod))
    .map(({ name }) => name);
}

const revisions = [undefined, 'default', 'canary'];
const everyPod = [undefined, 'enabled', 'disabled'].flatMap((injection) =>
  revisions.flatMap((namespaceRevision) =>
    [undefined, 'true', 'false'].flatMap((inject) =>
      revisions.map((podRevision) => ({
        namespace: labels({ 'istio-injection': injection, 'istio.io/rev': namespaceRevision }),
        pod: labels({ 'sidecar.istio.io/inject': inject, 'istio.io/rev': podRevision }),
      })),
    ),
  ),
);

function labels(given: Readonly<Record<string, string | undefined>>): Labels {
  return Object.fromEntries(Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

describe('injectionSelections', () => {
  it.each(everyPod)('asks one webhook of one revision at most: namespace $namespace, pod $pod', (placed) => {
    expect([...asked('default', placed), ...asked('canary', placed)].length).toBeLessThan(2);
  });

  it.each([
    { why: 'namespace enabled', namespace: { 'istio-injection': 'enabled' }, pod: {}, default: true, canary: false },
    { why: 'namespace of the revision', namespace: { 'istio.io/rev': 'canary' }, pod: {}, default: false, canary: true },
    { why: 'namespace of the default revision', namespace: { 'istio.io/rev': 'default' }, pod: {}, default: true, canary: false },
    { why: 'pod of the revision', namespace: {}, pod: { 'istio.io/rev': 'canary' }, default: false, canary: true },
    { why: 'pod that asks', namespace: {}, pod: { 'sidecar.istio.io/inject': 'true' }, default: true, canary: false },
    {
      why: 'pod that asks where the namespace is disabled',
      namespace: { 'istio-injection': 'disabled' },
      pod: { 'sidecar.istio.io/inject': 'true' },
      default: false,
      canary: false,
    },
    {
      why: 'pod that refuses',
      namespace: { 'istio-injection': 'enabled' },
      pod: { 'sidecar.istio.io/inject': 'false' },
      default: false,
      canary: false,
    },
    { why: 'nothing said', namespace: {}, pod: {}, default: false, canary: false },
  ])('is asked as Istio is: $why', ({ namespace, pod, default: ofDefault, canary }) => {
    expect(asked('default', { namespace, pod })).toHaveLength(ofDefault ? 1 : 0);
    expect(asked('canary', { namespace, pod })).toHaveLength(canary ? 1 : 0);
  });

  it.each(['kube-system', 'kube-public', 'kube-node-lease'])('never asks for pods of %s', (name) => {
    for (const { namespace, pod } of everyPod) {
      expect(asked('default', { namespace: { ...namespace, 'kubernetes.io/metadata.name': name }, pod })).toEqual([]);
    }
  });

  it('never asks for pods of a bypassed namespace', () => {
    for (const { namespace, pod } of everyPod) {
      expect(asked('default', { namespace: { ...namespace, [bypassLabel]: 'true' }, pod })).toEqual([]);
    }
  });
});

describe('validationSelections', () => {
  it.each([
    { object: {}, default: 1, canary: 0 },
    { object: { 'istio.io/rev': 'default' }, default: 1, canary: 0 },
    { object: { 'istio.io/rev': 'canary' }, default: 0, canary: 1 },
  ])('checks an object once, by its own revision: $object', ({ object, default: ofDefault, canary }) => {
    const checking = (revision: string) =>
      validationSelections(revision).filter(({ objectSelector }) => matchesAll(objectSelector, object));

    expect(checking('default')).toHaveLength(ofDefault);
    expect(checking('canary')).toHaveLength(canary);
  });
});
