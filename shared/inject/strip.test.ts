import { describe, expect, it } from 'vitest';
import { container, pod } from '../../test/fixtures/inject.ts';
import { strippedPod } from './strip.ts';

const none = { containers: [], initContainers: [] };
const status = {
  containers: ['istio-proxy'],
  initContainers: ['istio-init'],
  volumes: null,
  imagePullSecrets: null,
  revision: 'default',
};
const injected = pod({
  metadata: {
    annotations: {
      'sidecar.istio.io/status': '{}',
      'prometheus.io/port': '15020',
      'prometheus.io/path': '/stats/prometheus',
      'prometheus.io/scrape': 'true',
      'prometheus.istio.io/scrape-targets': '1',
      other: 'kept',
    },
  },
  spec: { containers: [{ name: 'istio-proxy' }, container()], initContainers: [{ name: 'own' }, { name: 'istio-init' }] },
});

describe('strippedPod', () => {
  it('is the same to look at for a pod that was never injected', () => {
    const { 'sidecar.istio.io/status': _status, ...annotations } = injected.metadata?.annotations ?? {};
    const fresh = { ...injected, metadata: { ...injected.metadata, annotations } };

    expect(strippedPod(fresh, undefined, none, 15020)).toEqual(fresh);
    expect(strippedPod({}, undefined, none, 15020)).toEqual({ spec: {} });
  });

  it('lacks what an earlier injection added', () => {
    const stripped = strippedPod(injected, status, none, 15020);

    expect(stripped.metadata?.annotations).toEqual({ other: 'kept' });
    expect(stripped.spec).toEqual({ containers: [container()], initContainers: [{ name: 'own' }] });
  });

  it('keeps scrape annotations that point somewhere else', () => {
    const stripped = strippedPod(injected, status, none, 15999);

    expect(Object.keys(stripped.metadata?.annotations ?? {})).toEqual([
      'prometheus.io/port',
      'prometheus.io/path',
      'prometheus.io/scrape',
      'prometheus.istio.io/scrape-targets',
      'other',
    ]);
  });

  it('keeps all containers where the status lists none', () => {
    const stripped = strippedPod(injected, { ...status, containers: null, initContainers: null }, none, 15020);

    expect(stripped.spec).toEqual(injected.spec);
  });

  it('looks for each name in its own list', () => {
    const swapped = { ...status, containers: ['istio-init'], initContainers: ['istio-proxy'] };

    expect(strippedPod(injected, swapped, none, 15020).spec).toEqual(injected.spec);
  });

  it('brings back the user’s own containers that were recorded', () => {
    const recorded = { containers: [{ name: 'istio-proxy', tty: true }], initContainers: [{ name: 'istio-init', tty: true }] };

    const stripped = strippedPod(injected, status, recorded, 15020);

    expect(stripped.spec).toEqual({
      containers: [container(), { name: 'istio-proxy', tty: true }],
      initContainers: [{ name: 'own' }, { name: 'istio-init', tty: true }],
    });
  });

  it('brings back nothing that is there', () => {
    const recorded = { containers: [{ name: 'app', tty: true }], initContainers: [] };

    expect(strippedPod(injected, undefined, recorded, 15020).spec).toEqual(injected.spec);
  });

  it('makes a list for what is brought back', () => {
    const recorded = { containers: [], initContainers: [{ name: 'istio-proxy' }] };

    expect(strippedPod(pod(), undefined, recorded, 15020).spec?.initContainers).toEqual([{ name: 'istio-proxy' }]);
  });

  it('strips a status from a pod without metadata', () => {
    expect(strippedPod({}, status, none, 15020)).toEqual({ metadata: { annotations: {} }, spec: {} });
  });
});
