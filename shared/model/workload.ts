import type { Labels } from './config-object.ts';
import type { Locality } from './locality.ts';

/** Something that can run a proxy and that a registry knows: a pod, a WorkloadEntry. */
export interface Workload {
  readonly name: string;
  readonly namespace: string;
  readonly addresses: readonly string[];
  /** Whether it takes traffic. */
  readonly isReady: boolean;
  readonly labels: Labels;
  readonly serviceAccount: string;
  readonly locality: Locality;
  /** Empty if the registry does not say. */
  readonly network: string;
  readonly cluster: string;
  readonly nodeName: string;
  /** Name of the owner, a ReplicaSet's without the hash of its pod template. */
  readonly ownerName: string;
  /** Named container ports, by name and transport. */
  readonly ports: readonly WorkloadPort[];
  readonly hostname: string;
  readonly subdomain: string;
}

export interface WorkloadPort {
  readonly name: string;
  readonly number: number;
  readonly transport: 'TCP' | 'UDP' | 'SCTP';
}

const canonicalNameLabels = ['service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app'];
const canonicalRevisionLabels = ['service.istio.io/canonical-revision', 'app.kubernetes.io/version', 'version'];

/** The name under which telemetry groups workloads. @see https://istio.io/latest/docs/ops/configuration/telemetry/canonical-service/ */
export function canonicalName(labels: Labels, workloadName: string): string {
  return firstLabel(labels, canonicalNameLabels) ?? workloadName;
}

/** @default latest */
export function canonicalRevision(labels: Labels): string {
  return firstLabel(labels, canonicalRevisionLabels) ?? 'latest';
}

function firstLabel(labels: Labels, keys: readonly string[]): string | undefined {
  return keys.map((key) => (Object.hasOwn(labels, key) ? labels[key] : undefined)).find((value) => value !== undefined && value !== '');
}
