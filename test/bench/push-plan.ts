import { classOf } from '../../functions/xds-gateway/node.ts';
import { clusterType, routeType } from '../../functions/xds-gateway/stream/types.ts';
import type { ContentHash } from '../../shared/lib/hash.ts';
import type { JsonObject } from '../../shared/lib/json.ts';
import { loadServingSnapshot } from '../../shared/snapshot/load.ts';
import { blobsOf } from '../../shared/store/snapshots.ts';
import type { Store } from '../../shared/store/store.ts';
import type { Protocol, ProxyPlan } from './push-proxy.ts';

export interface PlanOptions {
  readonly store: Store;
  readonly manifest: ContentHash;
  readonly nodes: readonly JsonObject[];
}

/** The proxies of a fleet with the names that they will find in their clusters and listeners, so that they need not decode them. */
export async function readPlans({ store, manifest, nodes }: PlanOptions): Promise<(protocol: Protocol) => readonly ProxyPlan[]> {
  const loaded = await loadServingSnapshot(blobsOf(store), manifest);
  if (!loaded.ok) throw new Error(loaded.error);
  const plans = nodes.map((node) => {
    const refs = classOf(loaded.value, node).value?.chunks.flatMap((chunk) => chunk.refs) ?? [];
    const clusters = refs.filter(({ typeUrl }) => typeUrl === clusterType);
    return {
      node: { id: String(node['id']), cluster: String(node['cluster']), metadata: node['metadata'] as ProxyPlan['node']['metadata'] },
      endpoints: [...new Set(clusters.flatMap(({ assignment }) => assignment ?? []))],
      routes: refs.filter(({ typeUrl }) => typeUrl === routeType).map(({ name }) => name),
    };
  });
  return (protocol) => plans.map((plan) => ({ ...plan, protocol }));
}
