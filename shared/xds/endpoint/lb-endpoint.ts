import { create } from '@bufbuild/protobuf';
import { type Metadata, MetadataSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import { HealthStatus } from '../../gen/envoy/config/core/v3/health_check_pb.js';
import { type LbEndpoint, LbEndpointSchema } from '../../gen/envoy/config/endpoint/v3/endpoint_components_pb.js';
import type { Endpoint, EndpointHealth } from '../../model/index.ts';
import { addressOf } from '../address.ts';
import type { GatewayEndpoint } from './locality.ts';

const healthStatus: Readonly<Record<EndpointHealth, HealthStatus>> = {
  healthy: HealthStatus.HEALTHY,
  unhealthy: HealthStatus.UNHEALTHY,
  draining: HealthStatus.DRAINING,
  terminating: HealthStatus.DRAINING,
  unknown: HealthStatus.UNKNOWN,
};

/** An endpoint as Envoy takes it. @param speaksMutualTls whether a cluster that leaves the choice to its endpoints uses Istio's TLS with it. */
export function lbEndpoint(endpoint: Endpoint, speaksMutualTls: boolean): LbEndpoint {
  const { address, additionalAddresses, port } = endpoint;
  return create(LbEndpointSchema, {
    hostIdentifier: {
      case: 'endpoint',
      value: {
        address: addressOf(address, port),
        additionalAddresses: additionalAddresses.map((other) => ({ address: addressOf(other, port) })),
      },
    },
    healthStatus: healthStatus[endpoint.health],
    loadBalancingWeight: endpoint.weight,
    metadata: metadataOf(endpoint, speaksMutualTls),
  });
}

/** A gateway of another network has no health and no workload of its own, and is always spoken to by mutual TLS. */
export function gatewayEndpoint({ address, port, weight, cluster }: GatewayEndpoint): LbEndpoint {
  return create(LbEndpointSchema, {
    hostIdentifier: { case: 'endpoint', value: { address: addressOf(address, port) } },
    loadBalancingWeight: weight,
    metadata: { filterMetadata: { 'envoy.transport_socket_match': { tlsMode: 'istio' }, istio: { workload: `;;;;${cluster}` } } },
  });
}

/** Telemetry takes the peer's workload from here where the peer does not say it itself. */
function metadataOf(endpoint: Endpoint, speaksMutualTls: boolean): Metadata {
  const { workloadName, namespace, canonicalName, canonicalRevision, cluster } = endpoint;
  const revision = canonicalRevision === 'latest' ? '' : canonicalRevision;
  return create(MetadataSchema, {
    filterMetadata: {
      ...(speaksMutualTls && { 'envoy.transport_socket_match': { tlsMode: 'istio' } }),
      istio: { workload: [workloadName, namespace, canonicalName, revision, cluster].join(';') },
    },
  });
}
