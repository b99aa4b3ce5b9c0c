/** core/v1 volumes with all their sources. Checked against Kubernetes 1.34. */

import { localObjectReference, localObjectReferenceFields, objectFieldSelector, resourceFieldSelector, resourceList } from './container.ts';
import { labelSelector, objectMeta } from './object-meta.ts';
import {
  bool,
  embedded,
  type Infer,
  int32,
  int64,
  keep,
  list,
  map,
  named,
  nullable,
  pointer,
  quantity,
  string,
  struct,
  text,
} from './schema.ts';

const nameOf = embedded('LocalObjectReference', localObjectReferenceFields);
const items = list(struct('KeyToPath', { key: keep(string), path: keep(string), mode: pointer(int32) }));
const secretRef = localObjectReference;

const downwardItems = list(
  struct('DownwardAPIVolumeFile', {
    path: keep(string),
    fieldRef: objectFieldSelector,
    resourceFieldRef: resourceFieldSelector,
    mode: pointer(int32),
  }),
);

const volumeProjection = struct('VolumeProjection', {
  secret: struct('SecretProjection', { ...nameOf, items, optional: pointer(bool) }),
  downwardAPI: struct('DownwardAPIProjection', { items: downwardItems }),
  configMap: struct('ConfigMapProjection', { ...nameOf, items, optional: pointer(bool) }),
  serviceAccountToken: struct('ServiceAccountTokenProjection', {
    audience: string,
    expirationSeconds: pointer(int64),
    path: keep(string),
  }),
  clusterTrustBundle: struct('ClusterTrustBundleProjection', {
    name: pointer(string),
    signerName: pointer(string),
    labelSelector,
    optional: pointer(bool),
    path: keep(string),
  }),
  podCertificate: struct('PodCertificateProjection', {
    signerName: string,
    keyType: string,
    maxExpirationSeconds: pointer(int32),
    credentialBundlePath: string,
    keyPath: string,
    certificateChainPath: string,
    userAnnotations: map(string),
  }),
});

const apiGroup = nullable(string);

const persistentVolumeClaimSpec = struct('PersistentVolumeClaimSpec', {
  accessModes: list(text('PersistentVolumeAccessMode')),
  selector: labelSelector,
  resources: keep(struct('VolumeResourceRequirements', { limits: resourceList, requests: resourceList })),
  volumeName: string,
  storageClassName: pointer(string),
  volumeMode: pointer(text('PersistentVolumeMode')),
  dataSource: struct('TypedLocalObjectReference', { apiGroup, kind: keep(string), name: keep(string) }),
  dataSourceRef: struct('TypedObjectReference', { apiGroup, kind: keep(string), name: keep(string), namespace: pointer(string) }),
  volumeAttributesClassName: pointer(string),
});

/** Sources of network storage that Kubernetes itself once drove; most are gone from clusters, none from the type. */
const inTreeSources = {
  gcePersistentDisk: struct('GCEPersistentDiskVolumeSource', { pdName: keep(string), fsType: string, partition: int32, readOnly: bool }),
  awsElasticBlockStore: struct('AWSElasticBlockStoreVolumeSource', {
    volumeID: keep(string),
    fsType: string,
    partition: int32,
    readOnly: bool,
  }),
  gitRepo: struct('GitRepoVolumeSource', { repository: keep(string), revision: string, directory: string }),
} as const;

const iscsi = struct('ISCSIVolumeSource', {
  targetPortal: keep(string),
  iqn: keep(string),
  lun: keep(int32),
  iscsiInterface: string,
  fsType: string,
  readOnly: bool,
  portals: list(string),
  chapAuthDiscovery: named(bool, 'DiscoveryCHAPAuth'),
  chapAuthSession: named(bool, 'SessionCHAPAuth'),
  secretRef,
  initiatorName: pointer(string),
});

const rbd = struct('RBDVolumeSource', {
  monitors: keep(list(string), 'CephMonitors'),
  image: keep(string, 'RBDImage'),
  fsType: string,
  pool: named(string, 'RBDPool'),
  user: named(string, 'RadosUser'),
  keyring: string,
  secretRef,
  readOnly: bool,
});

const cephfs = struct('CephFSVolumeSource', {
  monitors: keep(list(string)),
  path: string,
  user: string,
  secretFile: string,
  secretRef,
  readOnly: bool,
});

const scaleIO = struct('ScaleIOVolumeSource', {
  gateway: keep(string),
  system: keep(string),
  secretRef: nullable(secretRef),
  sslEnabled: bool,
  protectionDomain: string,
  storagePool: string,
  storageMode: string,
  volumeName: string,
  fsType: string,
  readOnly: bool,
});

const azureDisk = struct('AzureDiskVolumeSource', {
  diskName: keep(string),
  diskURI: keep(string, 'DataDiskURI'),
  cachingMode: pointer(text('AzureDataDiskCachingMode')),
  fsType: pointer(string),
  readOnly: pointer(bool),
  kind: pointer(text('AzureDataDiskKind')),
});

const volumeSource = {
  hostPath: struct('HostPathVolumeSource', { path: keep(string), type: pointer(text('HostPathType')) }),
  emptyDir: struct('EmptyDirVolumeSource', { medium: text('StorageMedium'), sizeLimit: pointer(quantity) }),
  ...inTreeSources,
  secret: struct('SecretVolumeSource', { secretName: string, items, defaultMode: pointer(int32), optional: pointer(bool) }),
  nfs: struct('NFSVolumeSource', { server: keep(string), path: keep(string), readOnly: bool }),
  iscsi,
  glusterfs: struct('GlusterfsVolumeSource', { endpoints: keep(string, 'EndpointsName'), path: keep(string), readOnly: bool }),
  persistentVolumeClaim: struct('PersistentVolumeClaimVolumeSource', { claimName: keep(string), readOnly: bool }),
  rbd,
  flexVolume: struct('FlexVolumeSource', { driver: keep(string), fsType: string, secretRef, readOnly: bool, options: map(string) }),
  cinder: struct('CinderVolumeSource', { volumeID: keep(string), fsType: string, readOnly: bool, secretRef }),
  cephfs: named(cephfs, 'CephFS'),
  flocker: struct('FlockerVolumeSource', { datasetName: string, datasetUUID: string }),
  downwardAPI: struct('DownwardAPIVolumeSource', { items: downwardItems, defaultMode: pointer(int32) }),
  fc: struct('FCVolumeSource', {
    targetWWNs: list(string),
    lun: pointer(int32),
    fsType: string,
    readOnly: bool,
    wwids: named(list(string), 'WWIDs'),
  }),
  azureFile: struct('AzureFileVolumeSource', { secretName: keep(string), shareName: keep(string), readOnly: bool }),
  configMap: struct('ConfigMapVolumeSource', { ...nameOf, items, defaultMode: pointer(int32), optional: pointer(bool) }),
  vsphereVolume: struct('VsphereVirtualDiskVolumeSource', {
    volumePath: keep(string),
    fsType: string,
    storagePolicyName: string,
    storagePolicyID: string,
  }),
  quobyte: struct('QuobyteVolumeSource', {
    registry: keep(string),
    volume: keep(string),
    readOnly: bool,
    user: string,
    group: string,
    tenant: string,
  }),
  azureDisk,
  photonPersistentDisk: struct('PhotonPersistentDiskVolumeSource', { pdID: keep(string, 'PdID'), fsType: string }),
  projected: struct('ProjectedVolumeSource', { sources: keep(list(volumeProjection)), defaultMode: pointer(int32) }),
  portworxVolume: struct('PortworxVolumeSource', { volumeID: keep(string), fsType: string, readOnly: bool }),
  scaleIO,
  storageos: named(
    struct('StorageOSVolumeSource', { volumeName: string, volumeNamespace: string, fsType: string, readOnly: bool, secretRef }),
    'StorageOS',
  ),
  csi: struct('CSIVolumeSource', {
    driver: keep(string),
    readOnly: pointer(bool),
    fsType: pointer(string),
    volumeAttributes: map(string),
    nodePublishSecretRef: localObjectReference,
  }),
  ephemeral: struct('EphemeralVolumeSource', {
    volumeClaimTemplate: struct('PersistentVolumeClaimTemplate', {
      metadata: keep(objectMeta, 'ObjectMeta'),
      spec: keep(persistentVolumeClaimSpec),
    }),
  }),
  image: struct('ImageVolumeSource', { reference: string, pullPolicy: text('PullPolicy') }),
} as const;

/** @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/ */
export const volume = struct('Volume', { name: keep(string), ...embedded('VolumeSource', volumeSource) });
export type Volume = Infer<typeof volume>;
