import type { Filter } from '../../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { PluginConfigSchema } from '../../../gen/istio/stats_pb.js';
import type { Direction } from '../../direction.ts';
import { statsFilterName, statsSettings } from '../stats.ts';
import { networkFilter } from './network-filter.ts';

/** Istio's metrics of connections (`istio_tcp_…`). */
export function stats(direction: Direction): Filter {
  return networkFilter(statsFilterName, PluginConfigSchema, statsSettings(direction));
}
