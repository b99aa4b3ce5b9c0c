/** How workloads take connections: what PeerAuthentications of the mesh, of a namespace and of a workload say together. The closer one wins. */

import type { PeerAuthentication } from '../config/security/peer-authentication.ts';
import { type ConfigObject, hasLabels, type Labels } from './config-object.ts';
import type { MutualTls, MutualTlsMode } from './mutual-tls.ts';

type Policy = ConfigObject<PeerAuthentication>;

export interface PeerAuthentications {
  /** Of namespaces without a policy of their own; absent where nobody says anything. */
  readonly meshMode?: MutualTlsMode;
  /** Of the namespaces that have one. */
  readonly namespaceModes: ReadonlyMap<string, MutualTlsMode>;
  /** Policies that select workloads, by namespace, the oldest first. */
  readonly ofWorkloads: ReadonlyMap<string, readonly Policy[]>;
}

/**
 * Of several policies for the same the oldest counts. The root namespace speaks for the mesh; policies that select workloads there are for nobody.
 * @param policies the oldest first.
 */
export function indexPeerAuthentications(policies: readonly Policy[], rootNamespace: string): PeerAuthentications {
  const [selecting, general] = [policies.filter(isSelecting), policies.filter((policy) => !isSelecting(policy))];
  const meshMode = modeOf(general.find(({ namespace }) => namespace === rootNamespace)?.spec.mtls);
  const namespaceModes = new Map<string, MutualTlsMode>();
  const seen = new Set([rootNamespace]);
  for (const { namespace, spec } of general) {
    const mode = modeOf(spec.mtls);
    if (!seen.has(namespace) && mode !== undefined) namespaceModes.set(namespace, mode);
    seen.add(namespace);
  }
  const ofWorkloads = Map.groupBy(
    selecting.filter(({ namespace }) => namespace !== rootNamespace),
    ({ namespace }) => namespace,
  );
  return { ...(meshMode && { meshMode }), namespaceModes, ofWorkloads };
}

function isSelecting({ spec }: Policy): boolean {
  return Object.keys(spec.selector?.matchLabels ?? {}).length > 0;
}

/** Undefined for what leaves the mode to what is around it. */
function modeOf(settings: PeerAuthentication['mtls']): MutualTlsMode | undefined {
  const { mode = 'UNSET' } = settings ?? {};
  return mode === 'UNSET' || typeof mode === 'number' ? undefined : mode;
}

/** Of a namespace as a whole. */
export function namespaceMutualTls({ meshMode, namespaceModes }: PeerAuthentications, namespace: string): MutualTlsMode {
  return namespaceModes.get(namespace) ?? meshMode ?? 'PERMISSIVE';
}

/** The policy that selects a workload by its labels. */
export function selectedPeerAuthentication({ ofWorkloads }: PeerAuthentications, namespace: string, labels: Labels): Policy | undefined {
  return ofWorkloads.get(namespace)?.find(({ spec }) => hasLabels(labels, spec.selector?.matchLabels ?? {}));
}

/** Of a workload. @param selected the policy that selects it. */
export function workloadMutualTls(all: PeerAuthentications, namespace: string, selected: Policy | undefined): MutualTls {
  const mode = modeOf(selected?.spec.mtls) ?? namespaceMutualTls(all, namespace);
  const ports = Object.entries(selected?.spec.portLevelMtls ?? {});
  return { mode, ports: new Map(ports.map(([port, settings]) => [Number(port), modeOf(settings) ?? mode])) };
}
