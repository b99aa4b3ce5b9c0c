import type { ObjectMeta } from './object-meta.ts';

/** The workload that a pod belongs to, as its proxy reports it. */
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** A CronJob names its jobs after the minute they are due: 8 to 10 digits. */
const cronJobName = /^(.+)-\d{8,10}$/;

/**
 * Finds the workload behind a pod from its owner references, without asking the API server. Only pods that a controller named (`generateName`)
 * have one: a StatefulSet's pod counts as its own workload, as in Istio.
 */
export function findOwner({ metadata = {} }: { readonly metadata?: ObjectMeta }): Owner {
  const namespace = metadata.namespace ?? '';
  const itself: Owner = { apiVersion: 'v1', kind: 'Pod', name: metadata.name ?? '', namespace };
  const controller = metadata.generateName ? metadata.ownerReferences?.find((reference) => reference.controller === true) : undefined;
  if (!controller) return itself;
  const owner: Owner = {
    apiVersion: controller.apiVersion ?? '',
    kind: controller.kind ?? '',
    name: controller.name ?? '',
    namespace,
  };
  return ownerOfController(owner, metadata.labels ?? {});
}

function ownerOfController(owner: Owner, labels: Readonly<Record<string, string>>): Owner {
  if (owner.kind === 'ReplicaSet') {
    const deployment = withoutSuffix(owner.name, labels['pod-template-hash']);
    if (deployment !== undefined) return { ...owner, kind: 'Deployment', name: deployment };
    const rollout = withoutSuffix(owner.name, labels['rollouts-pod-template-hash']);
    if (rollout !== undefined) return { ...owner, kind: 'Rollout', apiVersion: 'v1alpha1', name: rollout };
  }
  if (owner.kind === 'ReplicationController') {
    const config = labels['deploymentconfig'];
    if (config !== undefined) return { ...owner, kind: 'DeploymentConfig', name: config };
  }
  if (owner.kind === 'Job') {
    const cronJob = cronJobName.exec(owner.name)?.[1];
    if (cronJob !== undefined) return { ...owner, kind: 'CronJob', apiVersion: 'batch/v1', name: cronJob };
  }
  return owner;
}

function withoutSuffix(name: string, hash: string | undefined): string | undefined {
  return hash && name.endsWith(`-${hash}`) ? name.slice(0, -hash.length - 1) : undefined;
}
