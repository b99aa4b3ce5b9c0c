import type { Scope } from '../model/index.ts';
import { blackHoleCluster, outboundClusterName, passthroughCluster } from './names.ts';

/** Where outgoing traffic goes that nothing takes: nowhere, to a proxy that a Sidecar resource names, or to the address that was asked for. */
export function catchAllCluster({ outboundTrafficPolicy, egressProxy }: Pick<Scope, 'outboundTrafficPolicy' | 'egressProxy'>): string {
  if (outboundTrafficPolicy === 'REGISTRY_ONLY') return blackHoleCluster;
  if (egressProxy === undefined) return passthroughCluster;
  const { host = '', port, subset } = egressProxy;
  return outboundClusterName(host, port?.number ?? 0, subset);
}
