import { create } from '@bufbuild/protobuf';
import type { Duration } from '@bufbuild/protobuf/wkt';
import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import type { ConnectionPool } from '../../config/networking/destination-rule-connection-pool.ts';
import type { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { type Filter, FilterSchema } from '../../gen/envoy/config/cluster/v3/filter_pb.js';
import { TypedStructSchema } from '../../gen/udpa/type/v1/typed_struct_pb.js';
import { pack } from '../../lib/protobuf.ts';
import { durationOf, seconds } from '../duration.ts';
import type { Init } from '../init.ts';

export type ClusterInit = Init<typeof ClusterSchema>;

/** How long a connection may take, by the rule or else by the mesh. */
export function connectTimeout(config: MeshConfig, pool: ConnectionPool = {}): Duration {
  return durationOf(pool.tcp?.connectTimeout ?? config.connectTimeout ?? '') ?? seconds(10);
}

/** Probes on idle connections, by the rule or else by the mesh. */
export function keepalive(config: MeshConfig, pool: ConnectionPool = {}): Pick<ClusterInit, 'upstreamConnectionOptions'> {
  const settings = pool.tcp?.tcpKeepalive ?? config.tcpKeepalive;
  if (settings === undefined) return {};
  const { probes = 0, time, interval } = settings;
  const keepaliveTime = Number(durationOf(time ?? '')?.seconds ?? 0n);
  const keepaliveInterval = Number(durationOf(interval ?? '')?.seconds ?? 0n);
  return {
    upstreamConnectionOptions: {
      tcpKeepalive: {
        ...(probes > 0 && { keepaliveProbes: probes }),
        ...(keepaliveTime > 0 && { keepaliveTime }),
        ...(keepaliveInterval > 0 && { keepaliveInterval }),
      },
    },
  };
}

/** Tells the peer who calls; only Istio's build of Envoy has it. */
export function metadataExchange(): Filter {
  const settings = create(TypedStructSchema, {
    typeUrl: 'type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange',
    value: { enable_discovery: true, protocol: 'istio-peer-exchange' },
  });
  return create(FilterSchema, { name: 'istio.metadata_exchange', typedConfig: pack(TypedStructSchema, settings) });
}
