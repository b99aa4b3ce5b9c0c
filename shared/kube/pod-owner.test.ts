import { describe, expect, it } from 'vitest';
import { pod } from '../../test/fixtures/inject.ts';
import type { OwnerReference } from '../kube/pod.ts';
import { findOwner } from './pod-owner.ts';

const reference = (partial: OwnerReference): OwnerReference => ({ apiVersion: 'apps/v1', controller: true, uid: 'u', ...partial });

const generated = (owner: OwnerReference, labels: Readonly<Record<string, string>> = {}) =>
  pod({ metadata: { name: '', generateName: 'web-', ownerReferences: [owner], labels } });

describe('findOwner', () => {
  it('is the pod itself without a controller', () => {
    expect(findOwner(pod())).toEqual({ apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'shop' });
  });

  it('is the pod itself if it has a name of its own, whatever owns it', () => {
    const statefulSetPod = pod({ metadata: { name: 'db-0', ownerReferences: [reference({ kind: 'StatefulSet', name: 'db' })] } });

    expect(findOwner(statefulSetPod)).toMatchObject({ kind: 'Pod', name: 'db-0' });
  });

  it('has empty texts for a pod without any metadata', () => {
    expect(findOwner({})).toEqual({ apiVersion: 'v1', kind: 'Pod', name: '', namespace: '' });
  });

  it('takes the first owner that is the controller', () => {
    const ownerReferences = [
      reference({ kind: 'Node', name: 'no', controller: false }),
      { kind: 'Node', name: 'not said' },
      reference({ kind: 'DaemonSet', name: 'agent' }),
      reference({ kind: 'DaemonSet', name: 'second' }),
    ];

    expect(findOwner(pod({ metadata: { generateName: 'agent-', ownerReferences } }))).toEqual({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      name: 'agent',
      namespace: 'shop',
    });
  });

  it('has empty texts where the reference has none', () => {
    const owner = findOwner(pod({ metadata: { generateName: 'x-', ownerReferences: [{ controller: true }] } }));

    expect(owner).toEqual({ apiVersion: '', kind: '', name: '', namespace: 'shop' });
  });

  const cases = [
    {
      rule: 'sees the Deployment behind a ReplicaSet',
      owner: { kind: 'ReplicaSet', name: 'web-5d8f' },
      labels: { 'pod-template-hash': '5d8f' },
      found: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' },
    },
    {
      rule: 'sees the Rollout behind a ReplicaSet',
      owner: { kind: 'ReplicaSet', name: 'web-77' },
      labels: { 'rollouts-pod-template-hash': '77' },
      found: { kind: 'Rollout', name: 'web', apiVersion: 'v1alpha1' },
    },
    {
      rule: 'stays with a ReplicaSet whose name does not end in the hash',
      owner: { kind: 'ReplicaSet', name: 'web-5d8f' },
      labels: { 'pod-template-hash': '8f', 'rollouts-pod-template-hash': 'd8f' },
      found: { kind: 'ReplicaSet', name: 'web-5d8f' },
    },
    {
      rule: 'stays with a ReplicaSet for an empty hash',
      owner: { kind: 'ReplicaSet', name: 'web-' },
      labels: { 'pod-template-hash': '' },
      found: { kind: 'ReplicaSet', name: 'web-' },
    },
    {
      rule: 'sees the DeploymentConfig behind a ReplicationController',
      owner: { kind: 'ReplicationController', name: 'web-1', apiVersion: 'v1' },
      labels: { deploymentconfig: 'web' },
      found: { kind: 'DeploymentConfig', name: 'web', apiVersion: 'v1' },
    },
    {
      rule: 'stays with a ReplicationController without the label',
      owner: { kind: 'ReplicationController', name: 'web-1' },
      labels: {},
      found: { kind: 'ReplicationController', name: 'web-1' },
    },
    {
      rule: 'sees the CronJob behind a job that is named after its minute',
      owner: { kind: 'Job', name: 'nightly-28412880' },
      labels: {},
      found: { kind: 'CronJob', name: 'nightly', apiVersion: 'batch/v1' },
    },
    { rule: 'takes ten digits too', owner: { kind: 'Job', name: 'a-b-1234567890' }, labels: {}, found: { kind: 'CronJob', name: 'a-b' } },
    { rule: 'stays with a job with seven digits', owner: { kind: 'Job', name: 'j-1234567' }, labels: {}, found: { kind: 'Job' } },
    { rule: 'stays with a job with eleven digits', owner: { kind: 'Job', name: 'j-12345678901' }, labels: {}, found: { kind: 'Job' } },
    { rule: 'stays with a job that is only digits', owner: { kind: 'Job', name: '-12345678' }, labels: {}, found: { kind: 'Job' } },
    {
      rule: 'reads a hash for ReplicaSets only',
      owner: { kind: 'StatefulSet', name: 'db-1' },
      labels: { 'pod-template-hash': '1', deploymentconfig: 'x' },
      found: { kind: 'StatefulSet', name: 'db-1' },
    },
  ];
  it.each(cases)('$rule', ({ owner, labels, found }) => {
    expect(findOwner(generated(reference(owner), labels))).toMatchObject(found);
  });
});
