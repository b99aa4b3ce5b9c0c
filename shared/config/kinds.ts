/** All kinds of objects that the validating webhook is asked about. */

import type { ConfigKind } from './kind.ts';
import { workloadEntryKind } from './networking/workload-entry.ts';
import { workloadGroupKind } from './networking/workload-group.ts';

const kinds: ReadonlyMap<string, ConfigKind> = new Map(
  [workloadEntryKind, workloadGroupKind].map((kind) => [`${kind.group}/${kind.kind}`, kind as ConfigKind]),
);

/** Istio knows them, and leaves their rules to their own CRDs. */
const uncheckedGroups: Readonly<Record<string, readonly string[]>> = {
  'gateway.networking.k8s.io': [
    'BackendTLSPolicy',
    'GRPCRoute',
    'Gateway',
    'GatewayClass',
    'HTTPRoute',
    'ListenerSet',
    'ReferenceGrant',
    'TCPRoute',
    'TLSRoute',
    'UDPRoute',
  ],
  'gateway.networking.x-k8s.io': ['XBackendTrafficPolicy', 'XListenerSet'],
  'inference.networking.k8s.io': ['InferencePool'],
};

/** By group and kind: any version of a group holds the same objects. */
export function findKind(group: string, kind: string): ConfigKind | undefined {
  return kinds.get(`${group}/${kind}`);
}

/** Whether objects of the kind are accepted as they are. */
export function isUncheckedKind(group: string, kind: string): boolean {
  return uncheckedGroups[group]?.includes(kind) ?? false;
}
