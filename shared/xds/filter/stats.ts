import { create } from '@bufbuild/protobuf';
import { type PluginConfig, PluginConfigSchema } from '../../gen/istio/stats_pb.js';
import type { Direction } from '../direction.ts';

/** Name of Istio's filter for its own metrics, on HTTP and on TCP. */
export const statsFilterName = 'istio.stats';

/**
 * Settings of Istio's metrics. A server must not believe the host header of whoever calls it: it would make the caller choose metric labels.
 */
export function statsSettings(direction: Direction): PluginConfig {
  return create(PluginConfigSchema, direction === 'outbound' ? {} : { disableHostHeaderFallback: true });
}
