import type { Volume, VolumeMount } from '../../kube/pod.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import { annotation } from '../annotation-names.ts';
import type { TemplateInput, VolumeOverlay } from './input.ts';

/** The volumes of proxy and agent, each beside the place where it is mounted. Volumes that templates share have one definition. */

/** `emptyDir:` without a value: Kubernetes makes an empty directory of it, and a user's own volume of that name keeps its source. */
export function unsetVolume(name: string): VolumeOverlay {
  return { name, emptyDir: null };
}

export function emptyVolume(name: string): Volume {
  return { name, emptyDir: {} };
}

export function memoryVolume(name: string): Volume {
  return { name, emptyDir: { medium: 'Memory' } };
}

export const workloadSocketMount: VolumeMount = { name: 'workload-socket', mountPath: '/var/run/secrets/workload-spiffe-uds' };
export const credentialSocketMount: VolumeMount = { name: 'credential-socket', mountPath: '/var/run/secrets/credential-uds' };
export const dataMount: VolumeMount = { name: 'istio-data', mountPath: '/var/lib/istio/data' };
export const podInfoMount: VolumeMount = { name: 'istio-podinfo', mountPath: '/etc/istio/pod' };
export const tokenMount: VolumeMount = { name: 'istio-token', mountPath: '/var/run/secrets/tokens' };

const gkeCertificates = 'gke-workload-certificate';

export function workloadCertificatesMount({ values }: TemplateInput): VolumeMount {
  const mountPath = '/var/run/secrets/workload-spiffe-credentials';
  return usesGkeCertificates(values.global.caName)
    ? { name: gkeCertificates, mountPath, readOnly: true }
    : { name: 'workload-certs', mountPath };
}

export function workloadCertificates(input: TemplateInput, otherwise: (name: string) => VolumeOverlay): VolumeOverlay {
  if (!usesGkeCertificates(input.values.global.caName)) return otherwise('workload-certs');
  return { name: gkeCertificates, csi: { driver: 'workloadcertificates.security.cloud.google.com' } };
}

function usesGkeCertificates(caName: string): boolean {
  return caName === 'GkeWorkloadCertificate';
}

/** Labels and annotations as files: the agent sends them to the control plane. */
export const podInfo: Volume = {
  name: 'istio-podinfo',
  downwardAPI: {
    items: [
      { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
      { path: 'annotations', fieldRef: { fieldPath: 'metadata.annotations' } },
    ],
  },
};

/** The token with which the agent asks for certificates; renewed by the kubelet. */
export function token({ values }: TemplateInput): Volume {
  const serviceAccountToken = { path: 'istio-token', expirationSeconds: 43_200, audience: values.global.tokenAudience };
  return { name: 'istio-token', projected: { sources: [{ serviceAccountToken }] } };
}

export function mtlsCertificatesMount({ values }: TemplateInput): readonly VolumeMount[] {
  return values.global.mountMtlsCerts ? [{ name: 'istio-certs', mountPath: '/etc/certs/', readOnly: true }] : [];
}

export function mtlsCertificates({ values, pod }: TemplateInput): readonly Volume[] {
  if (!values.global.mountMtlsCerts) return [];
  const secretName = `istio.${pod.spec?.serviceAccountName || 'default'}`;
  return [{ name: 'istio-certs', secret: { optional: true, secretName } }];
}

/** `{"name": {mount}}` of annotation `sidecar.istio.io/userVolumeMount`, sorted by name; undefined if it is no such JSON. */
export function userVolumeMounts(input: TemplateInput): readonly VolumeMount[] | undefined {
  return userEntries(input, annotation.userVolumeMount);
}

/** `{"name": {volume source}}` of annotation `sidecar.istio.io/userVolume`, sorted by name; undefined if it is no such JSON. */
export function userVolumes(input: TemplateInput): readonly Volume[] | undefined {
  return userEntries(input, annotation.userVolume);
}

function userEntries(input: TemplateInput, name: string): readonly JsonObject[] | undefined {
  const text = input.pod.metadata?.annotations?.[name];
  if (text === undefined) return [];
  const parsed = parseJson(text);
  if (!isJsonObject(parsed)) return undefined;
  return Object.keys(parsed)
    .sort()
    .map((entry) => {
      const value = parsed[entry];
      return isJsonObject(value) ? { name: entry, ...value } : { name: entry };
    });
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function pullSecrets({ values }: TemplateInput): { readonly imagePullSecrets?: readonly { readonly name: string }[] } {
  const names = values.global.imagePullSecrets;
  return names.length === 0 ? {} : { imagePullSecrets: names.map((name) => ({ name })) };
}
