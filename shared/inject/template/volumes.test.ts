import { describe, expect, it } from 'vitest';
import { annotated, pod, templateInput, values } from '../../../test/fixtures/inject.ts';
import * as volumes from './volumes.ts';

const gke = templateInput({ values: values({ global: { caName: 'GkeWorkloadCertificate' } }) });

describe('the workload certificates', () => {
  it('are a volume of ours', () => {
    expect(volumes.workloadCertificatesMount(templateInput())).toEqual({
      name: 'workload-certs',
      mountPath: '/var/run/secrets/workload-spiffe-credentials',
    });
    expect(volumes.workloadCertificates(templateInput(), volumes.emptyVolume)).toEqual({ name: 'workload-certs', emptyDir: {} });
    expect(volumes.workloadCertificates(templateInput(), volumes.unsetVolume)).toEqual({ name: 'workload-certs', emptyDir: null });
  });

  it('come from GKE if that is the authority', () => {
    const name = 'gke-workload-certificate';

    expect(volumes.workloadCertificatesMount(gke)).toMatchObject({ name, readOnly: true });
    expect(volumes.workloadCertificates(gke, volumes.emptyVolume)).toEqual({
      name,
      csi: { driver: 'workloadcertificates.security.cloud.google.com' },
    });
  });
});

describe('the token', () => {
  it('is for the audience of values', () => {
    const given = templateInput({ values: values({ global: { sds: { token: { aud: 'own' } } } }) });

    const serviceAccountToken = { path: 'istio-token', expirationSeconds: 43_200, audience: 'own' };
    expect(volumes.token(given)).toEqual({ name: 'istio-token', projected: { sources: [{ serviceAccountToken }] } });
  });
});

describe('the certificates for mutual TLS', () => {
  const mounting = values({ global: { mountMtlsCerts: true } });

  it.each([
    [undefined, 'istio.default'],
    ['', 'istio.default'],
    ['sa', 'istio.sa'],
  ])('are the secret of service account %j: %s', (serviceAccountName, secretName) => {
    const given = templateInput({
      values: mounting,
      pod: pod({ spec: { ...(serviceAccountName !== undefined && { serviceAccountName }) } }),
    });

    expect(volumes.mtlsCertificates(given)).toEqual([{ name: 'istio-certs', secret: { optional: true, secretName } }]);
    expect(volumes.mtlsCertificatesMount(given)).toEqual([{ name: 'istio-certs', mountPath: '/etc/certs/', readOnly: true }]);
  });

  it('are not there unless values say so', () => {
    expect([...volumes.mtlsCertificates(templateInput()), ...volumes.mtlsCertificatesMount(templateInput())]).toEqual([]);
  });
});

describe.each([
  ['sidecar.istio.io/userVolume', volumes.userVolumes],
  ['sidecar.istio.io/userVolumeMount', volumes.userVolumeMounts],
])('the entries of %s', (name, read) => {
  const entries = (text: string) => read(templateInput({ pod: annotated({ [name]: text }) }));

  it('are none without the annotation', () => {
    expect(read(templateInput())).toEqual([]);
  });

  it('are sorted, and named by their keys', () => {
    expect(entries('{"b":{"emptyDir":{}},"a":{"mountPath":"/a"}}')).toEqual([
      { name: 'a', mountPath: '/a' },
      { name: 'b', emptyDir: {} },
    ]);
  });

  it('may say another name', () => {
    expect(entries('{"a":{"name":"b"}}')).toEqual([{ name: 'b' }]);
  });

  it.each(['null', '7', '"x"', '[]'])('are a name alone for %s', (value) => {
    expect(entries(`{"a":${value}}`)).toEqual([{ name: 'a' }]);
  });

  it('may have names of prototype members', () => {
    expect(entries('{"__proto__":{"emptyDir":{}},"constructor":{}}')).toEqual([
      { name: '__proto__', emptyDir: {} },
      { name: 'constructor' },
    ]);
  });

  it.each(['', '{', '[]', '"x"', '7', 'null'])('cannot be read from %j', (text) => {
    expect(entries(text)).toBeUndefined();
  });
});

describe('the pull secrets', () => {
  it('are those of values', () => {
    const given = templateInput({ values: values({ global: { imagePullSecrets: ['a', 'b'] } }) });

    expect(volumes.pullSecrets(given)).toEqual({ imagePullSecrets: [{ name: 'a' }, { name: 'b' }] });
    expect(volumes.pullSecrets(templateInput())).toEqual({});
  });
});

describe('other volumes', () => {
  it('lie in memory, or hold labels and annotations', () => {
    expect(volumes.memoryVolume('m')).toEqual({ name: 'm', emptyDir: { medium: 'Memory' } });
    expect(volumes.podInfo.downwardAPI?.items?.map(({ path }) => path)).toEqual(['labels', 'annotations']);
  });
});
