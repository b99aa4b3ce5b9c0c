import type { Pod } from '../kube/pod.ts';
import { annotation } from './annotation-names.ts';

/** `ENABLE_NATIVE_SIDECARS`: whether the proxy runs as an init container with `restartPolicy: Always`. */
export type NativeSidecarMode = 'auto' | 'true' | 'false';

/** What injection has to know of the cluster; absent facts mean that nobody told us. */
export interface ClusterFacts {
  /** Kubelet version by node name. */
  readonly kubeletVersions: Readonly<Record<string, string>>;
  /** Annotations by namespace; only OpenShift needs them. */
  readonly namespaceAnnotations: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** First Kubernetes minor version in which native sidecars are stable. */
const minimumMinor = 33;

const versionPattern = /^v?(\d+)\.(\d+)/;

/**
 * Decides whether this pod gets a native sidecar. `auto` looks at the pod's node if that is known, else at all nodes: one that is too old, or
 * that has an unreadable version, means no; no known node at all means yes.
 */
export function usesNativeSidecar(mode: NativeSidecarMode, pod: Pod, facts: ClusterFacts): boolean {
  if (mode !== 'auto') return mode === 'true';
  const node = pod.spec?.nodeName;
  if (node !== undefined && Object.hasOwn(facts.kubeletVersions, node)) return isNewEnough(facts.kubeletVersions[node] ?? '');
  return Object.values(facts.kubeletVersions).every(isNewEnough);
}

/** Istio compatibility: only the minor number counts, so a 2.0 would be too old. */
function isNewEnough(version: string): boolean {
  const minor = versionPattern.exec(version)?.[2];
  return minor !== undefined && Number(minor) >= minimumMinor;
}

/** The pod's own wish, for templates: any non-empty text but `false` means native. */
export function templateNativeSidecar(pod: Pod, native: boolean): boolean {
  const wish = pod.metadata?.annotations?.[annotation.nativeSidecar];
  return wish ? wish !== 'false' : native;
}

/** The pod's own wish, for moving its own proxy container: only exactly `true` or `false` count. */
export function movesToInitContainers(pod: Pod, native: boolean): boolean {
  const wish = pod.metadata?.annotations?.[annotation.nativeSidecar];
  return wish === 'true' || (wish !== 'false' && native);
}
