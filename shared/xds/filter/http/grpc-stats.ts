import { FilterConfigSchema } from '../../../gen/envoy/extensions/filters/http/grpc_stats/v3/config_pb.js';
import type { HttpFilter } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { httpFilter } from './http-filter.ts';

/** Counts gRPC messages. `istio.stats` reads the filter state; there are no statistics by method. */
export function grpcStats(): HttpFilter {
  return httpFilter('envoy.filters.http.grpc_stats', FilterConfigSchema, {
    emitFilterState: true,
    perMethodStatSpecifier: { case: 'statsForAllMethods', value: { value: false } },
  });
}
