import { describe, expect, it } from 'vitest';
import { defaultSidecar, type SidecarResource, type Sidecars, selectedSidecar } from './sidecar.ts';

function named(name: string, more: Partial<SidecarResource> = {}): SidecarResource {
  return { name, namespace: 'shop', egress: [], ingress: [], ...more };
}

function sidecars(byNamespace: Readonly<Record<string, readonly SidecarResource[]>>): Sidecars {
  return { rootNamespace: 'istio-system', byNamespace: new Map(Object.entries(byNamespace)) };
}

const selecting = (name: string) => named(name, { selector: { app: 'web' } });

describe('the Sidecar of a proxy', () => {
  it('is the oldest one that selects it', () => {
    const all = sidecars({ shop: [named('all'), selecting('first'), selecting('second')] });

    expect(selectedSidecar(all, 'shop', { app: 'web', version: 'v1' })?.name).toBe('first');
    expect(selectedSidecar(all, 'shop', { app: 'api' })).toBeUndefined();
    expect(selectedSidecar(all, 'other', { app: 'web' })).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, readonly SidecarResource[]>>, string | undefined]>([
    ['the oldest of its namespace without a selector', { shop: [selecting('web'), named('old'), named('new')] }, 'old'],
    ['that of the root namespace', { shop: [selecting('web')], 'istio-system': [named('root')] }, 'root'],
    ['none if the root namespace has only selecting ones', { 'istio-system': [selecting('web')] }, undefined],
  ])('is otherwise %s', (_, byNamespace, expected) => {
    expect(defaultSidecar(sidecars(byNamespace), 'shop')?.name).toBe(expected);
  });
});
