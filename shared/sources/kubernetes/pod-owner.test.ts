import { describe, expect, it } from 'vitest';
import { ownerName } from './pod-owner.ts';

const made = (kind: string, name: string, labels = {}) => ({
  name: 'web-7c9d8f6b5-x2x4z',
  generateName: 'web-7c9d8f6b5-',
  labels,
  ownerReferences: [{ kind, name, controller: true }],
});

describe('ownerName', () => {
  it.each([
    ['a Deployment', made('ReplicaSet', 'web-7c9d8f6b5', { 'pod-template-hash': '7c9d8f6b5' }), 'web'],
    ['a Rollout', made('ReplicaSet', 'web-abc', { 'rollouts-pod-template-hash': 'abc' }), 'web'],
    ['a ReplicaSet of its own', made('ReplicaSet', 'web-7c9d8f6b5', { 'pod-template-hash': 'other' }), 'web-7c9d8f6b5'],
    ['a CronJob', made('Job', 'nightly-29012345'), 'nightly'],
    ['a Job', made('Job', 'import-1'), 'import-1'],
    ['a DeploymentConfig', made('ReplicationController', 'web-3', { deploymentconfig: 'web' }), 'web'],
    [
      'a StatefulSet, whose pods nobody generated a name for',
      { name: 'db-0', ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true }] },
      'db-0',
    ],
    ['nobody', { name: 'alone' }, 'alone'],
  ])('of a pod of %s', (_, metadata, expected) => {
    expect(ownerName(metadata)).toBe(expected);
  });
});
