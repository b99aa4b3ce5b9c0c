import type { ListenerFilter, ListenerFilterChainMatchPredicate } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { type Entrance, needsHttpInspector, needsTlsInspector } from './inbound-match.ts';
import type { Target } from './inbound-target.ts';
import { anyPortOf, httpInspector, not, tlsInspector } from './listener-filters.ts';

/** What looks at the first bytes of connections. @param ownPort the listener's, which no target has. */
export function inspectors(targets: readonly Target[], ownPort: number): ListenerFilter[] {
  const tls = inspection(targets, ownPort, needsTlsInspector);
  const http = inspection(targets, ownPort, needsHttpInspector);
  return [...(tls.isNeeded ? [tlsInspector(tls.filterDisabled)] : []), ...(http.isNeeded ? [httpInspector(http.filterDisabled)] : [])];
}

/** Inspectors hold back connections whose client waits for the server's first bytes, so each is off for all ports that can do without. */
function inspection(targets: readonly Target[], ownPort: number, needs: (entrances: readonly Entrance[]) => boolean): Inspection {
  const needing = targets.filter((target) => needs(target.entrances));
  if (needing.length === 0) return { isNeeded: false };
  const isForOthers = needing.some(({ port }) => port === undefined);
  const ports = (list: readonly Target[]) => list.flatMap(({ port }) => port ?? []);
  const listed = isForOthers ? [...ports(targets.filter((target) => !needing.includes(target))), ownPort] : ports(needing);
  const match = anyPortOf([...new Set(listed)].sort(byNumber));
  if (match === undefined) return { isNeeded: true };
  return { isNeeded: true, filterDisabled: isForOthers ? match : not(match) };
}

interface Inspection {
  readonly isNeeded: boolean;
  readonly filterDisabled?: ListenerFilterChainMatchPredicate;
}

function byNumber(a: number, b: number): number {
  return a - b;
}
