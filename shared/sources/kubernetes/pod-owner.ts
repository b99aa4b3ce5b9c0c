import type { ObjectMeta } from '../../kube/object-meta.ts';

/** A CronJob names its jobs after the minute they are due: 8 to 10 digits. */
const cronJobName = /^(.+)-\d{8,10}$/;

/**
 * Name of the workload that a pod belongs to, as telemetry shows it: the Deployment's and the CronJob's, not that of what they make. Pods that
 * nobody named for them are their own workload.
 */
export function ownerName({ name = '', generateName = '', labels = {}, ownerReferences = [] }: ObjectMeta): string {
  const controller = generateName === '' ? undefined : ownerReferences.find((reference) => reference.controller === true);
  if (controller === undefined) return name;
  const owner = controller.name ?? '';
  switch (controller.kind) {
    case 'ReplicaSet':
      return withoutSuffix(owner, labels['pod-template-hash']) ?? withoutSuffix(owner, labels['rollouts-pod-template-hash']) ?? owner;
    case 'ReplicationController':
      return labels['deploymentconfig'] ?? owner;
    case 'Job':
      return cronJobName.exec(owner)?.[1] ?? owner;
    default:
      return owner;
  }
}

function withoutSuffix(name: string, hash = ''): string | undefined {
  return hash !== '' && name.endsWith(`-${hash}`) ? name.slice(0, -hash.length - 1) : undefined;
}
