import { create } from '@bufbuild/protobuf';
import { TrafficDirection } from '../../gen/envoy/config/core/v3/base_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { IngressListener, Scope } from '../../model/index.ts';
import { addressOf } from '../address.ts';
import { additionalAddresses, exactBalance, wildcards } from './address.ts';
import { mutualTlsSockets, targetChains } from './inbound-chain.ts';
import { inspectors } from './inbound-inspection.ts';
import { ingressTarget } from './inbound-target.ts';
import type { InboundListenerKey } from './keys.ts';
import { httpListenerSettings } from './settings.ts';

/** Inbound listeners with sockets of their own, which a Sidecar resource declares for ports that nothing is redirected from. */
export function ingressListeners(scope: Scope, key: InboundListenerKey): readonly Listener[] {
  const settings = httpListenerSettings(scope, key);
  const sockets = mutualTlsSockets(scope, key);
  const ownSockets = (key.ingress?.listeners ?? []).filter(({ bindsPort, canListen }) => canListen && bindsPort);
  return ownSockets.map((ingress) => {
    const target = ingressTarget(ingress, key, settings);
    return create(ListenerSchema, {
      name: target.chainNames.tcp,
      ...places(ingress, key),
      ...exactBalance(settings.exactBalance.inbound),
      filterChains: [...targetChains(target, sockets, settings)],
      listenerFilters: inspectors([target]),
      listenerFiltersTimeout: settings.protocolDetectionTimeout,
      continueOnListenerFiltersTimeout: true,
      trafficDirection: TrafficDirection.INBOUND,
      accessLog: [...settings.accessLogs.listeners],
      maxConnectionsToAcceptPerSocketEvent: 1,
    });
  });
}

function places({ bind, port }: IngressListener, { ipFamilies }: Pick<InboundListenerKey, 'ipFamilies'>) {
  const binds = bind === '' ? wildcards[ipFamilies] : [bind];
  return { address: addressOf(binds[0] ?? '', port.number), additionalAddresses: additionalAddresses(binds, port.number) };
}
