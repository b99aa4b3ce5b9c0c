import { HTTPFaultSchema } from '../../../gen/envoy/extensions/filters/http/fault/v3/fault_pb.js';
import type { HttpFilter } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { httpFilter } from './http-filter.ts';

/** Injects faults where a route says so. */
export function fault(): HttpFilter {
  return httpFilter('envoy.filters.http.fault', HTTPFaultSchema, {});
}
