/** All kinds of objects that the validating webhook is asked about. */

import { trafficExtensionKind } from './extensions/traffic-extension.ts';
import { wasmPluginKind } from './extensions/wasm-plugin.ts';
import type { ConfigKind } from './kind.ts';
import { destinationRuleKind } from './networking/check-destination-rule.ts';
import { serviceEntryKind } from './networking/check-service-entry.ts';
import { sidecarKind } from './networking/check-sidecar.ts';
import { virtualServiceKind } from './networking/check-virtual-service.ts';
import { envoyFilterKind } from './networking/envoy-filter.ts';
import { gatewayKind } from './networking/gateway.ts';
import { proxyConfigKind } from './networking/proxy-config.ts';
import { workloadEntryKind } from './networking/workload-entry.ts';
import { workloadGroupKind } from './networking/workload-group.ts';
import { authorizationPolicyKind } from './security/authorization-policy.ts';
import { peerAuthenticationKind } from './security/peer-authentication.ts';
import { requestAuthenticationKind } from './security/request-authentication.ts';
import { telemetryKind } from './telemetry/telemetry.ts';

const kinds: ReadonlyMap<string, ConfigKind> = new Map(
  [
    authorizationPolicyKind,
    destinationRuleKind,
    envoyFilterKind,
    gatewayKind,
    peerAuthenticationKind,
    proxyConfigKind,
    requestAuthenticationKind,
    serviceEntryKind,
    sidecarKind,
    telemetryKind,
    trafficExtensionKind,
    virtualServiceKind,
    wasmPluginKind,
    workloadEntryKind,
    workloadGroupKind,
  ].map((kind) => [`${kind.group}/${kind.kind}`, kind as ConfigKind]),
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
