import type { Filter } from '../../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { MongoProxySchema } from '../../../gen/envoy/extensions/filters/network/mongo_proxy/v3/mongo_proxy_pb.js';
import { networkFilter } from './network-filter.ts';

/** Reads along on MongoDB connections, for Envoy's own statistics of them. */
export function mongoProxy(statPrefix: string): Filter {
  return networkFilter('envoy.filters.network.mongo_proxy', MongoProxySchema, { statPrefix });
}
