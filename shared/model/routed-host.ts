import type { VirtualService } from '../config/networking/virtual-service.ts';
import type { Destination } from '../config/networking/virtual-service-destination.ts';

/** Port numbers that a host is wanted on; `all` where some destination names none. */
export type WantedPorts = ReadonlySet<number> | 'all';

/** Hosts that a VirtualService sends the traffic of a namespace to, mirrors included. */
export function routedHosts(rule: VirtualService, namespace: string): ReadonlyMap<string, WantedPorts> {
  const found = new Map<string, Set<number> | 'all'>();
  for (const { host = '', port } of destinationsOf(rule, namespace)) {
    const known = found.get(host) ?? new Set<number>();
    if (!port?.number || known === 'all') found.set(host, 'all');
    else found.set(host, known.add(port.number));
  }
  return found;
}

function destinationsOf({ http = [], tls = [], tcp = [] }: VirtualService, namespace: string): readonly Destination[] {
  const mirrors = http
    .filter((route) => isFrom(route, namespace))
    .flatMap(({ mirror, mirrors: several = [] }) => [mirror, ...several.map(({ destination }) => destination)]);
  const routes = [...http, ...tls, ...tcp].filter((route) => isFrom(route, namespace)).flatMap(({ route = [] }) => route);
  return [...routes.map(({ destination }) => destination), ...mirrors].flatMap((destination) => destination ?? []);
}

interface Matched {
  readonly match?: readonly { readonly sourceNamespace?: string }[];
}

/** Whether the route may apply to callers of the namespace. */
function isFrom({ match = [] }: Matched, namespace: string): boolean {
  return match.length === 0 || match.some(({ sourceNamespace }) => !sourceNamespace || sourceNamespace === namespace);
}
