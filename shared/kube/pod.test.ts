import { describe, expect, it } from 'vitest';
import { container, objectMeta, pod, podSpec, volume } from './pod.ts';
import type { ListSchema, StructSchema } from './schema.ts';

const goNames = (schema: StructSchema) => [...schema.fields.values()].map((field) => field.go);

function fieldAt(schema: StructSchema, ...path: readonly string[]): unknown {
  const [first = '', ...rest] = path;
  const field = schema.fields.get(first);
  const inner = field?.schema.kind === 'list' ? field.schema.item : field?.schema;
  return rest.length === 0 || inner?.kind !== 'struct' ? field : fieldAt(inner, ...rest);
}

describe('the Pod type', () => {
  it("has Go's names where templates print the whole pod", () => {
    expect(goNames(pod)).toEqual(['Kind', 'APIVersion', 'ObjectMeta', 'Spec', 'Status']);
    expect(goNames(objectMeta).slice(0, 6)).toEqual(['Name', 'GenerateName', 'Namespace', 'SelfLink', 'UID', 'ResourceVersion']);
    expect(goNames(container)).toEqual([
      ...['Name', 'Image', 'Command', 'Args', 'WorkingDir', 'Ports', 'EnvFrom', 'Env', 'Resources', 'ResizePolicy', 'RestartPolicy'],
      ...['RestartPolicyRules', 'VolumeMounts', 'VolumeDevices', 'LivenessProbe', 'ReadinessProbe', 'StartupProbe', 'Lifecycle'],
      ...['TerminationMessagePath', 'TerminationMessagePolicy', 'ImagePullPolicy', 'SecurityContext', 'Stdin', 'StdinOnce', 'TTY'],
    ]);
    expect(goNames(podSpec)).toEqual(
      expect.arrayContaining(['DNSPolicy', 'DeprecatedServiceAccount', 'HostPID', 'DNSConfig', 'SetHostnameAsFQDN', 'OS']),
    );
    expect(goNames(volume)).toEqual(
      expect.arrayContaining([
        'GCEPersistentDisk',
        'AWSElasticBlockStore',
        'NFS',
        'ISCSI',
        'RBD',
        'CephFS',
        'FC',
        'CSI',
        'StorageOS',
        'DownwardAPI',
      ]),
    );
  });

  it.each([
    [['containers'], 'name'],
    [['initContainers'], 'name'],
    [['ephemeralContainers'], 'name'],
    [['containers', 'ports'], 'containerPort'],
    [['containers', 'env'], 'name'],
    [['containers', 'volumeMounts'], 'mountPath'],
    [['containers', 'volumeDevices'], 'devicePath'],
    [['volumes'], 'name'],
    [['imagePullSecrets'], 'name'],
    [['hostAliases'], 'ip'],
    [['topologySpreadConstraints'], 'topologyKey'],
    [['resourceClaims'], 'name'],
    [['tolerations'], undefined],
    [['containers', 'envFrom'], undefined],
  ])('merges %j by %s', (path, mergeKey) => {
    expect((fieldAt(podSpec, ...path) as { schema: ListSchema }).schema.mergeKey).toBe(mergeKey);
  });

  it('unites finalizers and merges owners by uid', () => {
    expect(fieldAt(objectMeta, 'finalizers')).toHaveProperty('schema.unite', true);
    expect(fieldAt(objectMeta, 'ownerReferences')).toHaveProperty('schema.mergeKey', 'uid');
  });

  it('knows which embedded struct declares a field', () => {
    expect(fieldAt(podSpec, 'containers', 'livenessProbe', 'grpc')).toMatchObject({ go: 'GRPC', embedded: 'ProbeHandler' });
    expect(fieldAt(volume, 'emptyDir')).toMatchObject({ go: 'EmptyDir', embedded: 'VolumeSource' });
  });
});
