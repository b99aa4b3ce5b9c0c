import type { HttpFilter } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { PluginConfigSchema } from '../../../gen/istio/stats_pb.js';
import type { Direction } from '../../direction.ts';
import { statsFilterName, statsSettings } from '../stats.ts';
import { httpFilter } from './http-filter.ts';

/** Istio's metrics of requests (`istio_requests_total`, …). */
export function stats(direction: Direction): HttpFilter {
  return httpFilter(statsFilterName, PluginConfigSchema, statsSettings(direction));
}
