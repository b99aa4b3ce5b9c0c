import { describe, expect, it } from 'vitest';
import { annotated, labelled, pod } from '../../test/fixtures/inject.ts';
import { decide, type InjectPolicy } from './decide.ts';

const name = 'sidecar.istio.io/inject';

const policy = (partial: Partial<InjectPolicy> = {}): InjectPolicy => ({
  policy: 'enabled',
  neverInjectSelector: [],
  alwaysInjectSelector: [],
  ...partial,
});

describe('decide', () => {
  it('leaves a pod on the node network alone, whatever it asks', () => {
    const given = pod({ metadata: { labels: { [name]: 'true' } }, spec: { hostNetwork: true } });

    expect(decide(given, policy())).toEqual({ inject: false, reason: 'host-network' });
  });

  it.each(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])('never injects in %s', (namespace) => {
    const given = pod({ metadata: { namespace, labels: { [name]: 'true' } } });

    expect(decide(given, policy())).toEqual({ inject: false, reason: 'system-namespace' });
  });

  it.each(['istio-system', 'default', 'constructor'])('injects in %s like anywhere', (namespace) => {
    expect(decide(pod({ metadata: { namespace } }), policy())).toEqual({ inject: true, reason: 'policy-enabled' });
  });

  it.each(['', 'Enabled', 'on'])('injects nothing under policy %j, whatever the pod asks', (text) => {
    expect(decide(labelled({ [name]: 'true' }), policy({ policy: text }))).toEqual({ inject: false, reason: 'policy-unknown' });
  });

  it.each([
    ['true', true],
    ['false', false],
  ])('obeys the label %s and the annotation %s under either policy', (text, inject) => {
    for (const given of ['enabled', 'disabled']) {
      expect(decide(labelled({ [name]: text }), policy({ policy: given }))).toEqual({ inject, reason: 'label' });
      expect(decide(annotated({ [name]: text }), policy({ policy: given }))).toEqual({ inject, reason: 'annotation' });
    }
  });

  it('prefers the label to the annotation', () => {
    const given = pod({ metadata: { labels: { [name]: 'false' }, annotations: { [name]: 'true' } } });

    expect(decide(given, policy())).toEqual({ inject: false, reason: 'label' });
  });

  it.each(['', 'True', 'yes', '1', ' true'])('takes the label %j for the default, and no longer asks the annotation', (text) => {
    const given = pod({ metadata: { labels: { [name]: text }, annotations: { [name]: 'false' } } });

    expect(decide(given, policy())).toEqual({ inject: true, reason: 'policy-enabled' });
    expect(decide(given, policy({ policy: 'disabled' }))).toEqual({ inject: false, reason: 'policy-disabled' });
  });

  const web = { matchLabels: { app: 'web' } };

  it('asks the selectors where the pod has no wish, never first', () => {
    const both = policy({ neverInjectSelector: [web], alwaysInjectSelector: [web] });

    expect(decide(labelled({ app: 'web' }), both)).toEqual({ inject: false, reason: 'never-inject-selector' });
    expect(decide(labelled({ app: 'web', [name]: 'true' }), both)).toEqual({ inject: true, reason: 'label' });
    expect(decide(labelled({ app: 'other' }), both)).toEqual({ inject: true, reason: 'policy-enabled' });
    expect(decide(pod(), both)).toEqual({ inject: true, reason: 'policy-enabled' });
  });

  it('injects what is selected although the policy is disabled', () => {
    const always = policy({ policy: 'disabled', alwaysInjectSelector: [{ matchLabels: { app: 'x' } }, web] });

    expect(decide(labelled({ app: 'web' }), always)).toEqual({ inject: true, reason: 'always-inject-selector' });
  });

  it.each([{}, { matchLabels: {} }, { matchExpressions: [] }, { matchExpressions: [{ key: 'app', operator: 'Is' }] }])(
    'takes the selector %j for one that matches nothing',
    (selector) => {
      const given = policy({ neverInjectSelector: [selector] });

      expect(decide(labelled({ app: 'web' }), given)).toEqual({ inject: true, reason: 'policy-enabled' });
    },
  );

  it('does not take a prototype member for a label', () => {
    const exists = policy({ neverInjectSelector: [{ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }] });

    expect(decide(labelled({ app: 'web' }), exists).inject).toBe(true);
    expect(decide(labelled({ constructor: 'x' }), exists).inject).toBe(false);
  });

  it('decides for an empty pod', () => {
    expect(decide({}, policy())).toEqual({ inject: true, reason: 'policy-enabled' });
  });
});
