import type { Listener } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { Built, ListenerKey, Scope } from '../../model/index.ts';
import { inboundConflicts } from './inbound-conflict.ts';
import { ingressListeners } from './ingress.ts';
import type { InboundListenerKey, TcpListenerKey } from './keys.ts';
import { httpListeners, tcpListeners } from './outbound.ts';
import { outboundConflicts } from './outbound-conflict.ts';
import { virtualInbound } from './virtual-inbound.ts';
import { virtualOutbound } from './virtual-outbound.ts';

/** All listeners of a sidecar. */
export function listeners(scope: Scope, key: ListenerKey): Built<Listener> {
  const outbound = [...sharedListeners(scope, key).value, ...httpListeners(scope, key)];
  const inbound = inboundListeners(scope, key);
  return { value: [...outbound, ...inbound.value], problems: [...outboundConflicts(scope, key), ...inbound.problems] };
}

/**
 * Those that say nothing of the workload: outbound ones without HTTP, and the virtual one before them. Their problems are those of all outbound
 * listeners.
 */
export function sharedListeners(scope: Scope, key: TcpListenerKey): Built<Listener> {
  const virtual = key.interception === 'NONE' ? [] : [virtualOutbound(scope, key)];
  return { value: [...tcpListeners(scope, key), ...virtual], problems: outboundConflicts(scope, key) };
}

/** Nothing is redirected without interception, so there is no virtual listener to redirect to: only those that a Sidecar resource declares. */
export function inboundListeners(scope: Scope, key: InboundListenerKey): Built<Listener> {
  const virtual = key.interception === 'NONE' ? [] : [virtualInbound(scope, key)];
  return { value: [...ingressListeners(scope, key), ...virtual], problems: inboundConflicts(key) };
}
