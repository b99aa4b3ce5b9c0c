/** Group of whoever compiles: on EKS an access entry puts the role of the snapshot function into it. */
const readerGroup = 'pilotless:readers';
const readerRole = 'pilotless-reader';

const read = ['get', 'list', 'watch'] as const;

/** All that is read of a cluster, and nothing that is written; no Secret is among it. Shared by all revisions. */
export const readerObjects: readonly object[] = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: readerRole },
    rules: [
      { apiGroups: [''], resources: ['namespaces', 'nodes', 'pods', 'services'], verbs: read },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
      { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: read },
      {
        apiGroups: ['extensions.istio.io', 'gateway.networking.k8s.io', 'networking.istio.io', 'security.istio.io', 'telemetry.istio.io'],
        resources: ['*'],
        verbs: read,
      },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: readerRole },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: readerRole },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: readerGroup }],
  },
];
