/** Which VirtualServices a Gateway's servers are for. */

import type { VirtualService } from '../config/networking/virtual-service.ts';
import type { ConfigObject, PlacedServer, Scope } from '../model/index.ts';

export type GatewayRule = ConfigObject<VirtualService>;

/** VirtualServices that name the gateway (`NAMESPACE/NAME`), in the order in which they win. */
export function boundVirtualServices({ gatewayVirtualServices }: Scope, gateway: string): readonly GatewayRule[] {
  return gatewayVirtualServices.filter(({ spec }) => (spec.gateways ?? []).includes(gateway));
}

/** Hosts of the server that VirtualServices of the namespace may be bound to. */
export function serverHostsFor({ hosts }: Pick<PlacedServer, 'hosts'>, namespace: string): readonly string[] {
  return hosts.filter((one) => one.namespace === '*' || one.namespace === namespace).map(({ host }) => host);
}
