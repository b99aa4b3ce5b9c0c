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

/** Streams whose node is known, by the proxy's version; a version without any stays, at 0. */
export function countConnected(metrics: Metrics, sessions: Iterable<Session>, left?: Session): void {
  const connected = [...sessions].flatMap(({ identity }) => identity ?? []);
  for (const version of new Set(
    [...connected, ...(left?.identity === undefined ? [] : [left.identity])].map((identity) => identity.version),
  )) {
    metrics.set('pilot_xds', connected.filter((identity) => identity.version === version).length, { version: version || 'unknown' });
  }
}
