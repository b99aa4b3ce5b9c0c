import { describe, expect, it } from 'vitest';
import { annotated, pod } from '../../test/fixtures/inject.ts';
import { movesToInitContainers, templateNativeSidecar, usesNativeSidecar } from './native.ts';

const facts = (kubeletVersions: Readonly<Record<string, string>>) => ({ kubeletVersions, namespaceAnnotations: {} });
const onNode = (nodeName: string) => pod({ spec: { nodeName } });

describe('usesNativeSidecar', () => {
  it.each([
    ['true', true],
    ['false', false],
  ] as const)('obeys the switch %s whatever the nodes are', (mode, native) => {
    expect(usesNativeSidecar(mode, onNode('n'), facts({ n: native ? 'v1.20.0' : 'v1.40.0' }))).toBe(native);
  });

  it.each<readonly [string, Readonly<Record<string, string>>, boolean]>([
    ['no node at all', {}, true],
    ['one new node', { a: 'v1.33.0' }, true],
    ['only new nodes', { a: 'v1.33.0', b: 'v1.35.2+k3s1', c: '1.40' }, true],
    ['one old node', { a: 'v1.33.0', b: 'v1.32.9' }, false],
    ['an unreadable version', { a: 'v1.33.0', b: 'unknown' }, false],
    ['an empty version', { a: '' }, false],
    ['a version of which only the minor number counts', { a: 'v2.0.0' }, false],
  ])('under auto decides by all nodes: %s', (_rule, versions, native) => {
    expect(usesNativeSidecar('auto', pod(), facts(versions))).toBe(native);
  });

  it('under auto decides by the node of the pod alone, if it is known', () => {
    const versions = { old: 'v1.30.0', new: 'v1.34.0', odd: '' };

    expect(usesNativeSidecar('auto', onNode('new'), facts(versions))).toBe(true);
    expect(usesNativeSidecar('auto', onNode('old'), facts(versions))).toBe(false);
    expect(usesNativeSidecar('auto', onNode('odd'), facts(versions))).toBe(false);
    expect(usesNativeSidecar('auto', onNode('unknown'), facts(versions))).toBe(false);
    expect(usesNativeSidecar('auto', onNode('constructor'), facts({ new: 'v1.34.0' }))).toBe(true);
  });
});

describe('the annotation nativeSidecar', () => {
  it.each([
    ['', true, true],
    ['', false, false],
    ['true', true, true],
    ['false', false, false],
    ['yes', true, false],
    ['False', true, false],
  ] as const)('%j means native for a template: %s, for the own container without the switch: %s', (wish, inTemplate, moves) => {
    const native = wish === '' && inTemplate;
    const given = annotated({ 'sidecar.istio.io/nativeSidecar': wish });

    expect(templateNativeSidecar(given, native)).toBe(inTemplate);
    expect(movesToInitContainers(given, native)).toBe(moves);
  });

  it('counts for nothing where it is absent', () => {
    for (const native of [true, false]) {
      expect(templateNativeSidecar(pod(), native)).toBe(native);
      expect(movesToInitContainers({}, native)).toBe(native);
    }
  });

  it('turns the switch off only with exactly false', () => {
    expect(movesToInitContainers(annotated({ 'sidecar.istio.io/nativeSidecar': 'false' }), true)).toBe(false);
    expect(movesToInitContainers(annotated({ 'sidecar.istio.io/nativeSidecar': 'no' }), true)).toBe(true);
  });
});
