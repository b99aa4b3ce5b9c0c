import type { ListenerFilter, ListenerFilterChainMatchPredicate } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { type Entrance, needsHttpInspector, needsTlsInspector } from './inbound-match.ts';
import type { Target } from './inbound-target.ts';
import { anyPortOf, httpInspector, not, tlsInspector } from './listener-filters.ts';

/**
 * What looks at the first bytes of connections. Inspectors hold back connections whose client waits for the server's first bytes, so each is off for
 * all ports that can do without.
 * @param ownPort the virtual listener's, which no target has; absent for other listeners.
 */
export function inspectors(targets: readonly Target[], ownPort?: number): ListenerFilter[] {
  const own = ownPort === undefined ? [] : [ownPort];
  const tls = split(targets, needsTlsInspector);
  const http = split(targets, needsHttpInspector);
  return [
    ...(tls.needing.length > 0 ? [tlsInspector(tlsDisabled(tls, own))] : []),
    ...(http.needing.length > 0 ? [httpInspector(anyPortOf(sorted([...http.others, ...own])))] : []),
  ];
}

interface Split {
  readonly needing: readonly number[];
  readonly others: readonly number[];
}

/** Stands for all ports that no other target has. */
const anyOther = 0;

function split(targets: readonly Target[], needs: (entrances: readonly Entrance[]) => boolean): Split {
  const ports = (wanted: boolean) => targets.filter((target) => needs(target.entrances) === wanted).map(({ port = anyOther }) => port);
  return { needing: ports(true), others: ports(false) };
}

/**
 * Ports are named that need it if all others do not, else those that do not. Istio compatibility: the HTTP inspector always names those that do not,
 * port 0 among them for all others.
 */
function tlsDisabled({ needing, others }: Split, own: readonly number[]): ListenerFilterChainMatchPredicate | undefined {
  if (needing.includes(anyOther)) return anyPortOf(sorted([...others, ...own]));
  const match = anyPortOf(sorted(needing));
  return match && not(match);
}

function sorted(ports: readonly number[]): readonly number[] {
  return [...new Set(ports)].sort(byNumber);
}

function byNumber(a: number, b: number): number {
  return a - b;
}
