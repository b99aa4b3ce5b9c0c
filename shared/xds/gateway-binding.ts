/** Which VirtualServices a Gateway's servers are for. */

import type { VirtualService } from '../config/networking/virtual-service.ts';
import { coversHost } from '../lib/host.ts';
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

/** Hosts that both sides cover: of a wildcard and a name within it the name. In the order of the server's hosts, then of the rule's. */
export function commonHosts(ofServer: readonly string[], ofRule: readonly string[]): readonly string[] {
  const common = ofServer.flatMap((server) =>
    ofRule.flatMap((rule) => {
      if (coversHost(rule, server)) return [server];
      return coversHost(server, rule) ? [rule] : [];
    }),
  );
  return [...new Set(common)];
}
