import type { Filter } from '../../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { TypedStructSchema } from '../../../gen/udpa/type/v1/typed_struct_pb.js';
import { networkFilter } from './network-filter.ts';

const typeUrl = 'type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange';

/** Exchanges who is who with a peer that asked for it by ALPN `istio-peer-exchange`. */
export function metadataExchange(): Filter {
  const value = { enable_discovery: true, protocol: 'istio-peer-exchange' };
  return networkFilter('istio.metadata_exchange', TypedStructSchema, { typeUrl, value });
}
