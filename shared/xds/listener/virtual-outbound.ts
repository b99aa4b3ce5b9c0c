import { create } from '@bufbuild/protobuf';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { virtualOutboundListener } from '../names.ts';
import { additionalAddresses, socketAddress, wildcards } from './address.ts';
import { blackHoleChain, singleClusterFilters } from './chain.ts';
import type { ListenerSettings } from './settings.ts';

/**
 * The listener that iptables redirects outgoing connections to. It hands each to the listener of its original destination; what none of them
 * takes goes to `catchAllCluster`.
 */
export function virtualOutbound(port: number, catchAllCluster: string, settings: ListenerSettings): Listener {
  const binds = wildcards[settings.ipFamilies];
  return create(ListenerSchema, {
    name: virtualOutboundListener,
    address: socketAddress(binds[0], port),
    additionalAddresses: additionalAddresses(binds, port),
    filterChains: [
      blackHoleChain('outbound', port, settings),
      { name: 'virtualOutbound-catchall-tcp', filters: singleClusterFilters('outbound', catchAllCluster, settings) },
    ],
    useOriginalDst: true,
    ...(settings.interception === 'TPROXY' && { transparent: true }),
    trafficDirection: TrafficDirection.OUTBOUND,
    accessLog: [...settings.accessLogs.listeners],
    maxConnectionsToAcceptPerSocketEvent: 1,
  });
}
