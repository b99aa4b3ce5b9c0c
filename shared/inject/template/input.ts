import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import type { ProxyConfig } from '../../config/mesh/proxy-config.ts';
import type { Container, ObjectMeta, Pod, PodSpec, Volume } from '../../kube/pod.ts';
import type { Owner } from '../../kube/pod-owner.ts';
import type { Result } from '../../lib/result.ts';
import type { ProxyIds } from '../openshift.ts';
import type { RootCertificate } from '../root-certificate.ts';
import type { InjectValues } from '../values.ts';

/** All that a template may look at. Templates of one request see the same input, not each other's output. */
export interface TemplateInput {
  /** Without what an earlier injection added. */
  readonly pod: Pod;
  readonly owner: Owner;
  readonly proxyConfig: ProxyConfig;
  readonly mesh: MeshConfig;
  readonly values: InjectValues;
  /** Empty for `pilotless inject` without `--revision`. */
  readonly revision: string;
  /** Before the pod's own wish. */
  readonly nativeSidecars: boolean;
  readonly proxyImage: string;
  readonly proxyInitImage: string;
  readonly proxyIds: ProxyIds;
  readonly inboundTrafficPolicyMode: 'localhost' | 'passthrough';
  readonly rootCertificate: RootCertificate['mode'];
  /** `COMPLIANCE_POLICY`; empty for none. */
  readonly compliancePolicy: string;
}

/** What a template wants the pod to have. A null takes something away, as in any strategic merge patch. */
export interface PodOverlay {
  readonly metadata?: ObjectMeta;
  readonly spec?: Omit<PodSpec, 'volumes'> & { readonly volumes?: readonly VolumeOverlay[] };
}

export type VolumeOverlay = Volume | { readonly name: string; readonly emptyDir: null };

/** A template either way: typed, or compiled from a user's text. */
export type Template = (input: TemplateInput) => Result<PodOverlay>;

/** The pod's annotation if it is there (even empty), else the default. */
export function annotationOr(input: TemplateInput, name: string, byDefault: string): string {
  return input.pod.metadata?.annotations?.[name] ?? byDefault;
}

export function hasAnnotation(input: TemplateInput, name: string): boolean {
  return input.pod.metadata?.annotations?.[name] !== undefined;
}

/** The first of these labels that has a text. */
export function firstLabel(input: TemplateInput, ...names: readonly string[]): string | undefined {
  return names.map((name) => input.pod.metadata?.labels?.[name]).find((value) => value);
}

export function applicationContainers(input: TemplateInput): readonly Container[] {
  return (input.pod.spec?.containers ?? []).filter((container) => container.name !== 'istio-proxy');
}
