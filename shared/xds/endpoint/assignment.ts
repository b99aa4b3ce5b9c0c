import { isIP } from 'node:net';
import { create } from '@bufbuild/protobuf';
import type { Subset } from '../../config/networking/destination-rule.ts';
import { type LocalityLbEndpoints, LocalityLbEndpointsSchema } from '../../gen/envoy/config/endpoint/v3/endpoint_components_pb.js';
import { type ClusterLoadAssignment, ClusterLoadAssignmentSchema } from '../../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import { compareText } from '../../lib/compare-text.ts';
import { type Endpoint, hasLabels, hasPersistentSessions, type Service, type ServicePort, type ServiceScope } from '../../model/index.ts';
import type { EffectivePolicy } from '../traffic-policy.ts';
import { gatewayEndpoint, lbEndpoint } from './lb-endpoint.ts';
import { byLocality, type Caller, type LocalityGroup, spread } from './locality.ts';
import { type LocalitySettings, localitySettings } from './locality-settings.ts';
import { reachable } from './network.ts';

/** The endpoints of one cluster, for one kind of caller. */
export interface AssignmentInput {
  /** Of the cluster. */
  readonly name: string;
  readonly scope: ServiceScope;
  readonly key: Caller;
  readonly service: Service;
  readonly port: ServicePort;
  readonly subset: Subset | undefined;
  readonly policy: EffectivePolicy;
  /** Only endpoints that speak the mesh's mutual TLS: nobody can see whether callers do. */
  readonly isForMutualTls?: true;
}

/** What EDS answers; of endpoints with host names nobody would look up the names. */
export function assignment(input: AssignmentInput): ClusterLoadAssignment {
  return assignmentOf(
    input,
    clusterEndpoints(input).filter(({ address }) => isIP(address) !== 0 || address.startsWith('unix://')),
  );
}

/** What a cluster carries that looks names up itself; undefined if there is nothing to look up. */
export function inlineAssignment(
  input: Omit<AssignmentInput, 'key'> & { readonly key: Omit<Caller, 'nodeName'> },
): ClusterLoadAssignment | undefined {
  // Names belong to no node, so the caller's node is near none of them.
  const complete = { ...input, key: { ...input.key, nodeName: '' } };
  const endpoints = clusterEndpoints(complete);
  return endpoints.length === 0 ? undefined : assignmentOf(complete, endpoints, withoutLabels);
}

/** Istio compatibility: endpoints of names have no priorities by labels. */
function withoutLabels(settings: LocalitySettings): LocalitySettings | undefined {
  const { failoverPriority = [], ...others } = settings;
  if (failoverPriority.length === 0) return settings;
  return (others.failover ?? others.distribute ?? []).length === 0 ? undefined : others;
}

type Narrowed = (settings: LocalitySettings) => LocalitySettings | undefined;

function assignmentOf(
  input: AssignmentInput,
  endpoints: readonly Endpoint[],
  narrowed: Narrowed = (settings) => settings,
): ClusterLoadAssignment {
  const { policy, scope, key } = input;
  const usesIstioTls = ({ tlsMode, refusesMutualTls = false }: Endpoint): boolean =>
    policy.tls === undefined ? tlsMode === 'istio' && !refusesMutualTls : policy.tls.mode === 'ISTIO_MUTUAL';
  const reach = { network: key.network, gateways: scope.networkGateways, speaksMutualTls: usesIstioTls };
  const usable = input.isForMutualTls ? endpoints.filter(usesIstioTls) : [...endpoints];
  const groups = spreadGroups(reachable(byLocality(usable.sort(byAddress)), reach), input, narrowed);
  return create(ClusterLoadAssignmentSchema, {
    clusterName: input.name,
    endpoints: groups.map((group) => localityEndpoints(group, usesIstioTls)),
  });
}

function spreadGroups(
  groups: readonly LocalityGroup[],
  { service, policy, scope, key }: AssignmentInput,
  narrowed: Narrowed,
): readonly LocalityGroup[] {
  const choice = localitySettings(service, policy, scope.config);
  const settings = choice && narrowed(choice.settings);
  if (settings === undefined) return groups;
  return spread(groups, settings, { caller: key, failsOver: choice?.isForced === true || policy.outlierDetection !== undefined });
}

function clusterEndpoints({ scope, key, service, port, subset, policy }: AssignmentInput): readonly Endpoint[] {
  const takesUnhealthy = (policy.outlierDetection?.minHealthPercent ?? 0) <= 0;
  const isClusterLocal = scope.isClusterLocal(service.host);
  return scope
    .endpointsOf(service)
    .map(withOwnHealth)
    .filter(
      ({ servicePortName, health, labels, nodeName, network, cluster }) =>
        servicePortName === port.name &&
        health !== 'terminating' &&
        (health !== 'draining' || hasPersistentSessions(service)) &&
        (health !== 'unhealthy' || takesUnhealthy) &&
        hasLabels(labels, subset?.labels ?? {}) &&
        (!service.isNodeLocal || nodeName === key.nodeName) &&
        (!isClusterLocal || cluster === key.cluster) &&
        (key.networkView.length === 0 || network === '' || key.networkView.includes(network)),
    );
}

/** A workload may announce by a label that it is going away, whatever its registry says. */
function withOwnHealth(endpoint: Endpoint): Endpoint {
  const isDraining = (endpoint.labels['istio.io/draining'] ?? '') !== '' && endpoint.health !== 'terminating';
  return isDraining ? { ...endpoint, health: 'draining' } : endpoint;
}

function byAddress(a: Endpoint, b: Endpoint): number {
  return compareText(a.address, b.address) || a.port - b.port;
}

function localityEndpoints(group: LocalityGroup, usesIstioTls: (endpoint: Endpoint) => boolean): LocalityLbEndpoints {
  const { locality, endpoints, gateways, weight, priority } = group;
  return create(LocalityLbEndpointsSchema, {
    locality,
    lbEndpoints: [...endpoints.map((endpoint) => lbEndpoint(endpoint, usesIstioTls(endpoint))), ...gateways.map(gatewayEndpoint)],
    loadBalancingWeight: weight,
    priority,
  });
}
