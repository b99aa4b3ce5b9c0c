/** What of the gateway Istio's stock boards show, under their names. */

import type { Metrics } from '../../shared/observe/metrics.ts';
import type { Session } from './session.ts';
import {
  clusterType,
  endpointType,
  extensionType,
  listenerType,
  nameTableType,
  proxyConfigType,
  routeType,
  secretType,
} from './stream/types.ts';

/** istiod's short names of the types. */
const shortTypes: ReadonlyMap<string, string> = new Map([
  [clusterType, 'cds'],
  [endpointType, 'eds'],
  [listenerType, 'lds'],
  [routeType, 'rds'],
  [secretType, 'sds'],
  [extensionType, 'ecds'],
  [nameTableType, 'nds'],
  [proxyConfigType, 'pcds'],
]);

export function countPush(metrics: Metrics, typeUrl: string): void {
  metrics.count('pilot_xds_pushes', { type: shortTypes.get(typeUrl) ?? typeUrl });
}

/** Counts streams whose node is known, by the proxy's version; a version without any stays, at 0. */
export class Connected {
  readonly #metrics: Metrics;
  readonly #versions = new Map<Session, string>();
  readonly #counts = new Map<string, number>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** Counts a stream, once. */
  came(session: Session): void {
    if (session.identity === undefined || this.#versions.has(session)) return;
    const { version } = session.identity;
    this.#versions.set(session, version);
    this.#add(version, 1);
  }

  left(session: Session): void {
    const version = this.#versions.get(session);
    if (this.#versions.delete(session)) this.#add(version ?? '', -1);
  }

  #add(version: string, by: 1 | -1): void {
    const count = (this.#counts.get(version) ?? 0) + by;
    this.#counts.set(version, count);
    this.#metrics.set('pilot_xds', count, { version: version || 'unknown' });
  }
}
