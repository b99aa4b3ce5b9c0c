import type { Scope } from '../../model/index.ts';
import { blackHoleCluster, passthroughCluster } from '../names.ts';

/** Where outgoing connections go that no chain takes. */
export function catchAllCluster({ outboundTrafficPolicy }: Pick<Scope, 'outboundTrafficPolicy'>): string {
  return outboundTrafficPolicy === 'REGISTRY_ONLY' ? blackHoleCluster : passthroughCluster;
}
