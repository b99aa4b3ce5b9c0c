import { GrpcWebSchema } from '../../../gen/envoy/extensions/filters/http/grpc_web/v3/grpc_web_pb.js';
import type { HttpFilter } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { httpFilter } from './http-filter.ts';

/** Translates gRPC-Web to gRPC; on ports of that protocol only. */
export function grpcWeb(): HttpFilter {
  return httpFilter('envoy.filters.http.grpc_web', GrpcWebSchema, {});
}
