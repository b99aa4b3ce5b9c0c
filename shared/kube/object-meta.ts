/** meta/v1: what every Kubernetes object carries, and label selectors. Checked against Kubernetes 1.34. */

import { bool, type Infer, int64, keep, list, map, opaque, pointer, string, struct, text, time } from './schema.ts';

const ownerReference = struct('OwnerReference', {
  apiVersion: keep(string),
  kind: keep(string),
  name: keep(string),
  uid: keep({ kind: 'string', name: 'types.UID' } as typeof string),
  controller: pointer(bool),
  blockOwnerDeletion: pointer(bool),
});

const managedFieldsEntry = struct('ManagedFieldsEntry', {
  manager: string,
  operation: text('ManagedFieldsOperationType'),
  apiVersion: string,
  time: pointer(time),
  fieldsType: string,
  fieldsV1: pointer(opaque),
  subresource: string,
});

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export const objectMeta = struct('ObjectMeta', {
  name: string,
  generateName: string,
  namespace: string,
  selfLink: string,
  uid: { kind: 'string', name: 'types.UID' } as typeof string,
  resourceVersion: string,
  generation: int64,
  creationTimestamp: time,
  deletionTimestamp: pointer(time),
  deletionGracePeriodSeconds: pointer(int64),
  labels: map(string),
  annotations: map(string),
  ownerReferences: list(ownerReference, { mergeKey: 'uid' }),
  finalizers: list(string, { unite: true }),
  managedFields: list(managedFieldsEntry),
});
export type ObjectMeta = Infer<typeof objectMeta>;
export type OwnerReference = Infer<typeof ownerReference>;

/** The two fields that every object begins with, to be spread into its struct. */
export const typeMeta = { kind: string, apiVersion: string } as const;

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/ */
export const labelSelector = struct('LabelSelector', {
  matchLabels: map(string),
  matchExpressions: list(
    struct('LabelSelectorRequirement', { key: keep(string), operator: keep(text('LabelSelectorOperator')), values: list(string) }),
  ),
});
export type LabelSelector = Infer<typeof labelSelector>;
