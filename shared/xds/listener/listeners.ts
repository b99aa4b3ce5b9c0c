import type { Listener } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { Built, ListenerKey, Scope } from '../../model/index.ts';
import { blackHoleCluster, passthroughCluster } from '../names.ts';
import { outboundListeners } from './outbound.ts';
import { listenerSettings } from './settings.ts';
import { virtualInbound } from './virtual-inbound.ts';
import { virtualOutbound } from './virtual-outbound.ts';

/** All listeners of a sidecar. */
export function listeners(scope: Scope, key: ListenerKey): Built<Listener> {
  const settings = listenerSettings(scope, key);
  const catchAll = scope.outboundTrafficPolicy === 'REGISTRY_ONLY' ? blackHoleCluster : passthroughCluster;
  const outbound = outboundListeners(scope, key, catchAll, settings);
  // Nothing is redirected to virtual listeners, so there are none.
  if (key.interception === 'NONE') return { value: outbound, problems: [] };
  const virtual = [virtualOutbound(scope.config.proxyListenPort ?? 15001, catchAll, settings), virtualInbound(scope.config, key, settings)];
  return { value: [...outbound, ...virtual], problems: [] };
}
