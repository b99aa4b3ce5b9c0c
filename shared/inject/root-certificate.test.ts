import { describe, expect, it } from 'vitest';
import { annotated, pod, values } from '../../test/fixtures/inject.ts';
import {
  rootCertificateEnvironment,
  rootCertificateMode,
  rootCertificateMount,
  rootCertificateVolume,
  withRootCertificate,
} from './root-certificate.ts';

const trustBundles = values({ pilot: { env: { ENABLE_CLUSTER_TRUST_BUNDLE_API: true } } });
const otherProvider = values({ global: { pilotCertProvider: 'kubernetes' } });
const named = values({ global: { trustBundleName: 'roots' } });
const modes = ['configmap', 'trustbundle', 'inline', 'system'] as const;

describe('rootCertificateMode', () => {
  it('is what was chosen', () => {
    expect(rootCertificateMode({ mode: 'inline', pem: 'x' }, trustBundles)).toBe('inline');
    expect(rootCertificateMode({ mode: 'configmap' }, values())).toBe('configmap');
  });

  it('is the trust bundle where values say so and nothing else was chosen', () => {
    expect(rootCertificateMode({ mode: 'configmap' }, trustBundles)).toBe('trustbundle');
  });
});

describe('rootCertificateVolume', () => {
  it('is the config map of the namespace', () => {
    expect(rootCertificateVolume('configmap', values())).toEqual([{ name: 'istiod-ca-cert', configMap: { name: 'istio-ca-root-cert' } }]);
    expect(rootCertificateVolume('configmap', named)).toEqual([{ name: 'istiod-ca-cert', configMap: { name: 'roots' } }]);
  });

  it.each([
    ['root-cert', values()],
    ['roots', named],
  ])('is the trust bundle %s of the cluster', (name, given) => {
    const clusterTrustBundle = { name: `istio.io:istiod-ca:${name}`, path: 'root-cert.pem' };

    expect(rootCertificateVolume('trustbundle', given)).toEqual([
      { name: 'istiod-ca-cert', projected: { sources: [{ clusterTrustBundle }] } },
    ]);
  });

  it('is the annotation of the pod', () => {
    const fieldRef = { fieldPath: "metadata.annotations['pilotless.io/root-certificates']" };

    expect(rootCertificateVolume('inline', values())).toEqual([
      { name: 'istiod-ca-cert', downwardAPI: { items: [{ path: 'root-cert.pem', fieldRef }] } },
    ]);
  });

  it('is nothing where the operating system has the roots', () => {
    expect(rootCertificateVolume('system', values())).toEqual([]);
  });

  it.each(modes)('is nothing where the control plane has certificates of somebody else: %s', (mode) => {
    expect(rootCertificateVolume(mode, otherProvider)).toEqual([]);
  });
});

describe('rootCertificateMount', () => {
  it.each(modes)('is there where the volume is: %s', (mode) => {
    for (const given of [values(), otherProvider]) {
      expect(rootCertificateMount(mode, given).map(({ name }) => name)).toEqual(rootCertificateVolume(mode, given).map(({ name }) => name));
    }
  });
});

describe('rootCertificateEnvironment', () => {
  it('tells the agent to use the roots of the operating system', () => {
    expect(rootCertificateEnvironment('system')).toEqual([
      { name: 'XDS_ROOT_CA', value: 'SYSTEM' },
      { name: 'CA_ROOT_CA', value: 'SYSTEM' },
    ]);
  });

  it.each(['configmap', 'trustbundle', 'inline'] as const)('is empty for %s', (mode) => {
    expect(rootCertificateEnvironment(mode)).toEqual([]);
  });
});

describe('withRootCertificate', () => {
  it('writes the roots over what the pod brings', () => {
    const given = annotated({ 'pilotless.io/root-certificates': 'forged', other: 'kept' });

    const after = withRootCertificate(given, { mode: 'inline', pem: 'PEM' });

    expect(after.metadata?.annotations).toEqual({ 'pilotless.io/root-certificates': 'PEM', other: 'kept' });
  });

  it.each(['configmap', 'trustbundle', 'system'] as const)('writes nothing for %s', (mode) => {
    const given = pod();

    expect(withRootCertificate(given, { mode })).toBe(given);
  });
});
