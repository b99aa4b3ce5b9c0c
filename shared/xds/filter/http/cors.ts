import { CorsSchema } from '../../../gen/envoy/extensions/filters/http/cors/v3/cors_pb.js';
import type { HttpFilter } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { httpFilter } from './http-filter.ts';

/** Answers preflight requests where a route has a CORS policy. */
export function cors(): HttpFilter {
  return httpFilter('envoy.filters.http.cors', CorsSchema, {});
}
