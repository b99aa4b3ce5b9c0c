import { create } from '@bufbuild/protobuf';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { Scope } from '../../model/index.ts';
import { catchAllCluster } from '../catch-all-cluster.ts';
import { virtualOutboundListener } from '../names.ts';
import { additionalAddresses, socketAddress, wildcards } from './address.ts';
import { blackHoleChain, singleClusterFilters } from './chain.ts';
import type { TcpListenerKey } from './keys.ts';
import { listenerSettings } from './settings.ts';

/**
 * The listener that iptables redirects outgoing connections to. It hands each to the listener of its original destination, and passes on (or
 * refuses) what none of them takes.
 */
export function virtualOutbound(scope: Scope, key: TcpListenerKey): Listener {
  const settings = listenerSettings(scope, key);
  const port = scope.config.proxyListenPort ?? 15001;
  const binds = wildcards[settings.ipFamilies];
  return create(ListenerSchema, {
    name: virtualOutboundListener,
    address: socketAddress(binds[0], port),
    additionalAddresses: additionalAddresses(binds, port),
    filterChains: [
      blackHoleChain('outbound', port, settings),
      { name: 'virtualOutbound-catchall-tcp', filters: singleClusterFilters('outbound', catchAllCluster(scope), settings) },
    ],
    useOriginalDst: true,
    ...(settings.interception === 'TPROXY' && { transparent: true }),
    trafficDirection: TrafficDirection.OUTBOUND,
    accessLog: [...settings.accessLogs.listeners],
    maxConnectionsToAcceptPerSocketEvent: 1,
  });
}
