import type { EnvVar, Pod, Volume, VolumeMount } from '../kube/pod.ts';
import { withAnnotations } from './containers.ts';
import type { InjectValues } from './values.ts';

/**
 * How the agent knows the control plane that it connects to.
 *
 * - `configmap`: Istio's way; somebody has to write config map `istio-ca-root-cert` into every namespace.
 * - `trustbundle`: a ClusterTrustBundle volume; needs a cluster that has that API on.
 * - `inline`: the roots travel in an annotation of ours and are projected as a file; needs nothing in the cluster. All roots that are trusted
 *   now: to rotate, add the new one, restart workloads at leisure, then take the old one away.
 * - `system`: the roots of the image's operating system; for a control plane with a publicly trusted certificate.
 */
export type RootCertificate =
  | { readonly mode: 'configmap' }
  | { readonly mode: 'trustbundle' }
  | { readonly mode: 'inline'; readonly pem: string }
  | { readonly mode: 'system' };

/** Holds the roots of mode `inline`. Always ours: what a pod brings under this name is overwritten. */
const rootAnnotation = 'pilotless.io/root-certificates';

const volumeName = 'istiod-ca-cert';
const fileName = 'root-cert.pem';

/** The chosen mode; Istio's own switch for trust bundles counts where nothing else was chosen. */
export function rootCertificateMode(chosen: RootCertificate, values: InjectValues): RootCertificate['mode'] {
  return chosen.mode === 'configmap' && values.clusterTrustBundle ? 'trustbundle' : chosen.mode;
}

export function rootCertificateVolume(mode: RootCertificate['mode'], { global }: InjectValues): readonly Volume[] {
  if (global.pilotCertProvider !== 'istiod') return [];
  switch (mode) {
    case 'configmap':
      return [{ name: volumeName, configMap: { name: global.trustBundleName || 'istio-ca-root-cert' } }];
    case 'trustbundle': {
      const clusterTrustBundle = { name: `istio.io:istiod-ca:${global.trustBundleName || 'root-cert'}`, path: fileName };
      return [{ name: volumeName, projected: { sources: [{ clusterTrustBundle }] } }];
    }
    case 'inline': {
      const fieldRef = { fieldPath: `metadata.annotations['${rootAnnotation}']` };
      return [{ name: volumeName, downwardAPI: { items: [{ path: fileName, fieldRef }] } }];
    }
    case 'system':
      return [];
  }
}

export function rootCertificateMount(mode: RootCertificate['mode'], { global }: InjectValues): readonly VolumeMount[] {
  return global.pilotCertProvider !== 'istiod' || mode === 'system' ? [] : [{ name: volumeName, mountPath: '/var/run/secrets/istio' }];
}

/** The agent's own switch for the operating system's roots. @see https://istio.io/latest/docs/reference/commands/pilot-agent/#envvars */
export function rootCertificateEnvironment(mode: RootCertificate['mode']): readonly EnvVar[] {
  if (mode !== 'system') return [];
  return [
    { name: 'XDS_ROOT_CA', value: 'SYSTEM' },
    { name: 'CA_ROOT_CA', value: 'SYSTEM' },
  ];
}

/** Writes the roots into the pod where they travel with it. */
export function withRootCertificate(pod: Pod, chosen: RootCertificate): Pod {
  return chosen.mode === 'inline' ? withAnnotations(pod, { [rootAnnotation]: chosen.pem }) : pod;
}
