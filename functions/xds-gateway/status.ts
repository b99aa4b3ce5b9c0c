/** What istioctl, Kiali and people ask about connected proxies, in istiod's words: `/debug/syncz` and `/debug/connections`. */

import type { Session } from './session.ts';
import type { TypeState } from './stream/state.ts';
import { clusterType, endpointType, extensionType, listenerType, routeType } from './stream/types.ts';

/** Nonces and time of one type on one stream. */
interface TypeStatus {
  readonly sent?: string;
  readonly acked?: string;
  /** RFC 3339. */
  readonly sentTime?: string;
  readonly lastError?: string;
}

const shortNames = [
  ['cluster', clusterType],
  ['listener', listenerType],
  ['route', routeType],
  ['endpoint', endpointType],
  ['extensionconfig', extensionType],
] as const;

/** One object a connection, sorted by connection; of one namespace if it is given. What is empty is absent. */
export function syncz(sessions: Iterable<Session>, namespace = ''): readonly object[] {
  return connected(sessions)
    .filter(({ identity }) => namespace === '' || identity?.namespace === namespace)
    .map(syncStatus);
}

function syncStatus({ identity, state }: Session): object {
  const resources = Object.fromEntries([...state.types].sort(byKey).map(([typeUrl, type]) => [typeUrl, typeStatus(type)]));
  const nonces = shortNames.flatMap(([name, typeUrl]) => {
    const type = state.types.get(typeUrl);
    return [...nonce(`${name}_sent`, type?.sentNonce), ...nonce(`${name}_acked`, type?.ackedNonce)];
  });
  return {
    ...Object.fromEntries(nonce('cluster_id', identity?.clusterId)),
    proxy: identity?.proxy,
    proxy_type: identity?.proxyType,
    ...Object.fromEntries([...nonce('istio_version', identity?.version), ...nonces]),
    ...(state.types.size === 0 ? {} : { resources }),
  };
}

function typeStatus({ sentNonce, ackedNonce, sentAtMs, nack }: TypeState): TypeStatus {
  return {
    ...(sentNonce === '' ? {} : { sent: sentNonce, sentTime: new Date(sentAtMs).toISOString() }),
    ...(ackedNonce === '' ? {} : { acked: ackedNonce }),
    ...(nack === undefined ? {} : { lastError: nack.message }),
  };
}

/** `/debug/connections`. */
export function connections(sessions: Iterable<Session>): object {
  const clients = connected(sessions).map(({ connectionId, connectedAtMs, transport }) => ({
    connectionId,
    connectedAt: new Date(connectedAtMs).toISOString(),
    address: transport.peer,
  }));
  return clients.length === 0 ? { totalClients: 0 } : { totalClients: clients.length, clients };
}

/** The first connection whose id has the text in it. */
export function findSession(sessions: Iterable<Session>, proxyId: string): Session | undefined {
  return connected(sessions).find(({ connectionId }) => connectionId.includes(proxyId));
}

/** Those whose node is known, by connection id. */
function connected(sessions: Iterable<Session>): readonly Session[] {
  return [...sessions].filter(({ identity }) => identity !== undefined).sort((a, b) => (a.connectionId < b.connectionId ? -1 : 1));
}

function nonce(name: string, value = ''): readonly (readonly [string, string])[] {
  return value === '' ? [] : [[name, value]];
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
