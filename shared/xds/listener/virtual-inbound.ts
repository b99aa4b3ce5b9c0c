import { create } from '@bufbuild/protobuf';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { Scope } from '../../model/index.ts';
import { virtualInboundListener } from '../names.ts';
import { additionalAddresses, exactBalance, socketAddress, wildcards } from './address.ts';
import { blackHoleChain } from './chain.ts';
import { mutualTlsSockets, targetChains } from './inbound-chain.ts';
import { inspectors } from './inbound-inspection.ts';
import { inboundTargets } from './inbound-target.ts';
import type { InboundListenerKey } from './keys.ts';
import { originalDst, originalSrc } from './listener-filters.ts';
import { httpListenerSettings } from './settings.ts';

/** The listener that iptables redirects incoming connections to: each port of the workload has its chains, all others are passed on. */
export function virtualInbound(scope: Scope, key: InboundListenerKey): Listener {
  const { config } = scope;
  const settings = httpListenerSettings(scope, key);
  const port = config.proxyInboundListenPort ?? 15006;
  const binds = wildcards[settings.ipFamilies];
  const targets = inboundTargets(key, settings);
  const sockets = mutualTlsSockets(scope, key);
  return create(ListenerSchema, {
    name: virtualInboundListener,
    address: socketAddress(binds[0], port),
    additionalAddresses: additionalAddresses(binds, port),
    ...exactBalance(settings.exactBalance.inbound),
    filterChains: [blackHoleChain('inbound', port, settings), ...targets.flatMap((target) => targetChains(target, sockets, settings))],
    listenerFilters: [originalDst(), ...(settings.interception === 'TPROXY' ? [originalSrc()] : []), ...inspectors(targets, port)],
    listenerFiltersTimeout: settings.protocolDetectionTimeout,
    continueOnListenerFiltersTimeout: true,
    ...(settings.interception === 'TPROXY' && { transparent: true }),
    trafficDirection: TrafficDirection.INBOUND,
    accessLog: [...settings.accessLogs.listeners],
    maxConnectionsToAcceptPerSocketEvent: 1,
  });
}
