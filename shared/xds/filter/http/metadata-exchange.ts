import type { HttpFilter } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { TypedStructSchema } from '../../../gen/udpa/type/v1/typed_struct_pb.js';
import type { Direction } from '../../direction.ts';
import { httpFilter } from './http-filter.ts';

const typeUrl = 'type.googleapis.com/io.istio.http.peer_metadata.Config';
const discovery = [{ istio_headers: {} }, { workload_discovery: {} }];

/**
 * Learns who the peer is and tells it who we are: the caller for inbound requests, the called workload for all others.
 * @param isInMeshOnly outbound: say nothing to clusters outside of the mesh (ProxyConfig `metadataExchangeHeaders.mode: IN_MESH`).
 */
export function metadataExchange(direction: Direction, isInMeshOnly: boolean): HttpFilter {
  if (direction === 'inbound') {
    return filter({ downstream_discovery: discovery, downstream_propagation: [{ istio_headers: {} }] });
  }
  const headers = isInMeshOnly ? { skip_external_clusters: true } : {};
  return filter({ upstream_discovery: discovery, upstream_propagation: [{ istio_headers: headers }] });
}

function filter(value: PeerMetadataConfig): HttpFilter {
  return httpFilter('istio.metadata_exchange', TypedStructSchema, { typeUrl, value });
}

type Method = { istio_headers: { skip_external_clusters?: boolean } } | { workload_discovery: Record<string, never> };
type PeerMetadataConfig = Record<string, Method[]>;
