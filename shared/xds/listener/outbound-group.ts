/** Which ports of which services share an outbound listener. */

import { type EgressListener, isHttp, listenerScope, type Scope, type Service, type ServicePort } from '../../model/index.ts';
import { localhosts, wildcards } from './address.ts';
import type { PlanKey } from './keys.ts';
import { type Bind, hasAddress, outboundBinds } from './outbound-bind.ts';
import type { OutboundPort } from './tcp-chains.ts';

/** A port, and what the egress listener that it belongs to sees. */
export interface PlacedPort {
  readonly scope: Scope;
  readonly at: OutboundPort;
}

/** Ports of services that want one (bind, port), the oldest service first. */
export type PortGroup = readonly [PlacedPort, ...PlacedPort[]];

/** A listener for a port of its own has its place to itself: those for all ports add nothing to it. */
export function portGroups(scope: Scope, key: PlanKey): readonly PortGroup[] {
  const groups = new Map<string, [PlacedPort, ...PlacedPort[]]>();
  for (const egress of scope.egressListeners) {
    const locked: ReadonlySet<string> = new Set(egress.port === undefined ? groups.keys() : []);
    for (const placed of placedPorts(scope, egress, key)) {
      const name = listenerName(placed.at.bind, placed.at.port.number);
      if (locked.has(name)) continue;
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [placed]);
      else group.push(placed);
    }
  }
  return [...groups.values()];
}

export function listenerName({ addresses }: Bind, port: number): string {
  return `${addresses[0]}_${port}`;
}

function placedPorts(whole: Scope, egress: EgressListener, key: PlanKey): readonly PlacedPort[] {
  const { labels, dnsDomain, ipFamilies } = key;
  const scope = listenerScope(whole, egress);
  return egress.services.flatMap((service) =>
    listenedPorts(egress, service).flatMap((port) =>
      egressBinds(scope, egress, { service, port }, key)
        .filter((bind) => !isReserved({ scope, egress, port, bind }, key))
        .map((bind) => ({ scope, at: { service, port, bind, labels, dnsDomain, ipFamilies } })),
    ),
  );
}

function listenedPorts({ port }: EgressListener, { ports }: Service): readonly ServicePort[] {
  return port === undefined ? ports.filter(({ protocol }) => protocol !== 'UDP') : [port];
}

/** Where the user said, or else where the service is. Only listeners for all ports have one for each endpoint of a headless service. */
function egressBinds(
  scope: Scope,
  egress: EgressListener,
  { service, port }: { readonly service: Service; readonly port: ServicePort },
  key: PlanKey,
): readonly Bind[] {
  const bindsPort = egress.bindsPort || key.interception === 'NONE';
  if (egress.bind !== '') return [{ addresses: [egress.bind], bindsPort }];
  if (bindsPort) return [{ addresses: localhosts[key.ipFamilies], bindsPort }];
  if (egress.port !== undefined && !hasAddress(service, key)) return [{ addresses: wildcards[key.ipFamilies], bindsPort }];
  return outboundBinds(scope, service, port, key);
}

/**
 * Ports of all addresses that the proxy itself serves, and ports that it has no right to open. Istio compatibility: where nobody said where to
 * listen, only HTTP is taken to listen everywhere.
 */
function isReserved({ scope, egress, port, bind }: Candidate, key: PlanKey): boolean {
  const { number, protocol } = port;
  const { addresses, bindsPort } = bind;
  if (bindsPort && key.isUnprivileged && number > 0 && number < 1024) return true;
  const { proxyListenPort = 15001, proxyInboundListenPort = 15006 } = scope.config;
  const isEverywhere = (isHttp(protocol) || egress.bind !== '') && addresses[0] === wildcards[key.ipFamilies][0];
  return isEverywhere && [...key.ownPorts, proxyListenPort, proxyInboundListenPort].includes(number);
}

interface Candidate {
  readonly scope: Scope;
  readonly egress: EgressListener;
  readonly port: ServicePort;
  readonly bind: Bind;
}
