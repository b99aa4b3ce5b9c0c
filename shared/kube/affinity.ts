/** core/v1 scheduling rules of a pod. Checked against Kubernetes 1.34. */

import { labelSelector } from './object-meta.ts';
import { int32, int64, keep, list, pointer, string, struct, text } from './schema.ts';

const nodeSelectorRequirements = list(
  struct('NodeSelectorRequirement', { key: keep(string), operator: keep(text('NodeSelectorOperator')), values: list(string) }),
);

const nodeSelectorTerm = struct('NodeSelectorTerm', {
  matchExpressions: nodeSelectorRequirements,
  matchFields: nodeSelectorRequirements,
});

const podAffinityTerm = struct('PodAffinityTerm', {
  labelSelector,
  namespaces: list(string),
  topologyKey: keep(string),
  namespaceSelector: labelSelector,
  matchLabelKeys: list(string),
  mismatchLabelKeys: list(string),
});

const podTerms = {
  requiredDuringSchedulingIgnoredDuringExecution: list(podAffinityTerm),
  preferredDuringSchedulingIgnoredDuringExecution: list(
    struct('WeightedPodAffinityTerm', { weight: keep(int32), podAffinityTerm: keep(podAffinityTerm) }),
  ),
} as const;

export const affinity = struct('Affinity', {
  nodeAffinity: struct('NodeAffinity', {
    requiredDuringSchedulingIgnoredDuringExecution: struct('NodeSelector', { nodeSelectorTerms: keep(list(nodeSelectorTerm)) }),
    preferredDuringSchedulingIgnoredDuringExecution: list(
      struct('PreferredSchedulingTerm', { weight: keep(int32), preference: keep(nodeSelectorTerm) }),
    ),
  }),
  podAffinity: struct('PodAffinity', podTerms),
  podAntiAffinity: struct('PodAntiAffinity', podTerms),
});

export const toleration = struct('Toleration', {
  key: string,
  operator: text('TolerationOperator'),
  value: string,
  effect: text('TaintEffect'),
  tolerationSeconds: pointer(int64),
});

export const topologySpreadConstraint = struct('TopologySpreadConstraint', {
  maxSkew: keep(int32),
  topologyKey: keep(string),
  whenUnsatisfiable: keep(text('UnsatisfiableConstraintAction')),
  labelSelector,
  minDomains: pointer(int32),
  nodeAffinityPolicy: pointer(text('NodeInclusionPolicy')),
  nodeTaintsPolicy: pointer(text('NodeInclusionPolicy')),
  matchLabelKeys: list(string),
});
