/** core/v1 PodSpec. Checked against Kubernetes 1.34; the workload reference is of 1.35. */

import { affinity, toleration, topologySpreadConstraint } from './affinity.ts';
import {
  appArmorProfile,
  container,
  containerFields,
  localObjectReference,
  resourceList,
  resourceRequirements,
  seccompProfile,
  seLinuxOptions,
  windowsOptions,
} from './container.ts';
import { bool, embedded, type Infer, int32, int64, keep, list, map, named, pointer, string, struct, text } from './schema.ts';
import { volume } from './volume.ts';

const ephemeralContainer = struct('EphemeralContainer', {
  ...embedded('EphemeralContainerCommon', containerFields),
  targetContainerName: string,
});

const podSecurityContext = struct('PodSecurityContext', {
  seLinuxOptions,
  windowsOptions,
  runAsUser: pointer(int64),
  runAsGroup: pointer(int64),
  runAsNonRoot: pointer(bool),
  supplementalGroups: list(int64),
  supplementalGroupsPolicy: pointer(text('SupplementalGroupsPolicy')),
  fsGroup: pointer(int64),
  sysctls: list(struct('Sysctl', { name: keep(string), value: keep(string) })),
  fsGroupChangePolicy: pointer(text('PodFSGroupChangePolicy')),
  seccompProfile,
  appArmorProfile,
  seLinuxChangePolicy: pointer(text('PodSELinuxChangePolicy')),
});

const podDnsConfig = struct('PodDNSConfig', {
  nameservers: list(string),
  searches: list(string),
  options: list(struct('PodDNSConfigOption', { name: string, value: pointer(string) })),
});

const podResourceClaim = struct('PodResourceClaim', {
  name: keep(string),
  resourceClaimName: pointer(string),
  resourceClaimTemplateName: pointer(string),
});

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec */
export const podSpec = struct('PodSpec', {
  volumes: list(volume, { mergeKey: 'name' }),
  initContainers: list(container, { mergeKey: 'name' }),
  containers: keep(list(container, { mergeKey: 'name' })),
  ephemeralContainers: list(ephemeralContainer, { mergeKey: 'name' }),
  restartPolicy: text('RestartPolicy'),
  terminationGracePeriodSeconds: pointer(int64),
  activeDeadlineSeconds: pointer(int64),
  dnsPolicy: text('DNSPolicy'),
  nodeSelector: map(string),
  serviceAccountName: string,
  serviceAccount: named(string, 'DeprecatedServiceAccount'),
  automountServiceAccountToken: pointer(bool),
  nodeName: string,
  hostNetwork: bool,
  hostPID: bool,
  hostIPC: bool,
  shareProcessNamespace: pointer(bool),
  securityContext: podSecurityContext,
  imagePullSecrets: list(localObjectReference, { mergeKey: 'name' }),
  hostname: string,
  subdomain: string,
  affinity,
  schedulerName: string,
  tolerations: list(toleration),
  hostAliases: list(struct('HostAlias', { ip: keep(string), hostnames: list(string) }), { mergeKey: 'ip' }),
  priorityClassName: string,
  priority: pointer(int32),
  dnsConfig: podDnsConfig,
  readinessGates: list(struct('PodReadinessGate', { conditionType: keep(text('PodConditionType')) })),
  runtimeClassName: pointer(string),
  enableServiceLinks: pointer(bool),
  preemptionPolicy: pointer(text('PreemptionPolicy')),
  overhead: resourceList,
  topologySpreadConstraints: list(topologySpreadConstraint, { mergeKey: 'topologyKey' }),
  setHostnameAsFQDN: pointer(bool),
  os: struct('PodOS', { name: keep(text('OSName')) }),
  hostUsers: pointer(bool),
  schedulingGates: list(struct('PodSchedulingGate', { name: keep(string) }), { mergeKey: 'name' }),
  resourceClaims: list(podResourceClaim, { mergeKey: 'name' }),
  resources: resourceRequirements,
  hostnameOverride: pointer(string),
  workloadRef: struct('WorkloadReference', { name: keep(string), podGroup: keep(string), podGroupReplicaKey: string }),
});

export type PodSpec = Infer<typeof podSpec>;
