import { describe, expect, it } from 'vitest';
import { getAt, podPlace, setAt } from './workload.ts';

describe('podPlace', () => {
  it('of a pod is the pod', () => {
    expect(podPlace({ kind: 'Pod' })).toEqual({ metadata: ['metadata'], spec: ['spec'] });
  });

  it.each(['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'ReplicationController', 'Job', 'DeploymentConfig'])(
    'of a %s is its template',
    (kind) => {
      expect(podPlace({ kind })).toEqual({ metadata: ['spec', 'template', 'metadata'], spec: ['spec', 'template', 'spec'] });
    },
  );

  it('of a CronJob is the job template for metadata, the pod template for the spec', () => {
    expect(podPlace({ kind: 'CronJob' })).toEqual({
      metadata: ['spec', 'jobTemplate', 'metadata'],
      spec: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
    });
  });

  it.each(['Service', '', 'pod', 'constructor', 7, null, undefined])('of the kind %j is nowhere', (kind) => {
    expect(podPlace({ kind })).toBeUndefined();
  });
});

describe('getAt', () => {
  it('walks down', () => {
    expect(getAt({ a: { b: 1 } }, ['a', 'b'])).toBe(1);
    expect(getAt({ a: 1 }, [])).toEqual({ a: 1 });
  });

  it.each([{}, { a: null }, { a: [1] }, { a: 'text' }, undefined])('ends at what is no object: %j', (object) => {
    expect(getAt(object, ['a', '0'])).toBeUndefined();
  });
});

describe('setAt', () => {
  it('replaces one value and shares the rest', () => {
    const object = { a: { b: 1, c: { d: 2 } }, e: 3 };

    const after = setAt(object, ['a', 'b'], 9);

    expect(after).toEqual({ a: { b: 9, c: { d: 2 } }, e: 3 });
    expect(getAt(after, ['a', 'c'])).toBe(object.a.c);
    expect(object.a.b).toBe(1);
  });

  it.each([{}, { a: null }, { a: 'text' }, { a: [1] }])('makes parents that are missing: %j', (object) => {
    expect(setAt(object, ['a', 'b'], 9)).toEqual({ a: { b: 9 } });
  });

  it('replaces the whole by an object', () => {
    expect(setAt({ a: 1 }, [], { b: 2 })).toEqual({ b: 2 });
  });

  it('keeps the whole if the value is no object', () => {
    expect(setAt({ a: 1 }, [], 7)).toEqual({ a: 1 });
  });
});
