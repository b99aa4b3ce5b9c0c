import { describe, expect, it } from 'vitest';
import type { PodSpec } from '../kube/pod.ts';
import { orderContainers } from './order.ts';

const named = (text: string) => text.split(' ').map((name) => ({ name }));
const spec = (containers: string, init?: string): PodSpec => ({
  containers: named(containers),
  ...(init && { initContainers: named(init) }),
});

describe('orderContainers', () => {
  it.each([
    ['puts the proxy last', 'istio-proxy a b', false, 'a b istio-proxy'],
    ['puts the proxy first if the application waits', 'a b istio-proxy', true, 'istio-proxy a b'],
    ['keeps an order that is right', 'a b istio-proxy', false, 'a b istio-proxy'],
    ['keeps the order without a proxy', 'b a', true, 'b a'],
  ] as const)('%s', (_rule, before, holds, after) => {
    expect(orderContainers(spec(before), holds)).toEqual(spec(after));
  });

  it.each([
    ['puts validation first', 'a istio-validation b', 'istio-validation a b'],
    ['puts redirection last', 'istio-init a b', 'a b istio-init'],
    ['puts core dumps behind redirection', 'enable-core-dump istio-init a', 'a istio-init enable-core-dump'],
    ['orders all of them', 'enable-core-dump istio-init a istio-validation', 'istio-validation a istio-init enable-core-dump'],
    [
      'starts a native proxy behind what it needs, in front of the rest',
      'a enable-core-dump istio-proxy b istio-init istio-validation',
      'istio-init istio-validation istio-proxy enable-core-dump a b',
    ],
  ])('%s', (_rule, before, after) => {
    expect(orderContainers(spec('app', before), false)).toEqual(spec('app', after));
  });

  it('gives the same spec if nothing moves', () => {
    for (const given of [spec('a istio-proxy', 'a istio-init'), spec('a'), {}]) expect(orderContainers(given, false)).toBe(given);
  });

  it('shares the list that is right', () => {
    const given = spec('istio-proxy a', 'a istio-init');

    expect(orderContainers(given, false).initContainers).toBe(given.initContainers);
  });

  it('keeps the last of several containers with a moved name, and all of any other', () => {
    const twice = {
      containers: [{ name: 'istio-proxy', image: 'one' }, { name: 'a' }, { name: 'istio-proxy', image: 'two' }, { name: 'a' }],
    };

    expect(orderContainers(twice, false).containers).toEqual([{ name: 'a' }, { name: 'a' }, { name: 'istio-proxy', image: 'two' }]);
  });

  it('keeps containers without a name', () => {
    expect(orderContainers({ containers: [{ name: 'istio-proxy' }, {}] }, false).containers).toEqual([{}, { name: 'istio-proxy' }]);
  });
});
