import { RouterSchema } from '../../../gen/envoy/extensions/filters/http/router/v3/router_pb.js';
import type { HttpFilter } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { httpFilter } from './http-filter.ts';

/** Sends the request where its route says. `hidesEnvoyHeaders`: without Envoy's own `x-envoy-…` headers. */
export function router(hidesEnvoyHeaders: boolean): HttpFilter {
  return httpFilter('envoy.filters.http.router', RouterSchema, { suppressEnvoyHeaders: hidesEnvoyHeaders });
}
