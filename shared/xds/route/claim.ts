/** Which VirtualService is in charge of which host. */

import type { VirtualService } from '../../config/networking/virtual-service.ts';
import { closestHost, coversHost, isWildcard } from '../../lib/host.ts';
import type { ConfigObject } from '../../model/index.ts';
import type { VisibleHost } from './visible-host.ts';

type Rule = ConfigObject<VirtualService>;

/** The hosts of all VirtualServices; of several with one host the first. */
export type HostIndex = ReadonlyMap<string, Rule>;

/** @param virtualServices in the order in which they win. */
export function indexHosts(virtualServices: readonly Rule[]): HostIndex {
  const index = new Map<string, Rule>();
  for (const rule of virtualServices) for (const host of hostsOf(rule)) if (!index.has(host)) index.set(host, rule);
  return index;
}

/** Case makes no difference in host names. */
function hostsOf({ spec }: Rule): readonly string[] {
  return (spec.hosts ?? []).map((host) => host.toLowerCase());
}

/** What a VirtualService is about in one route configuration. */
export interface Claim {
  /** Hosts of the mesh that its own hosts name or cover. */
  readonly known: readonly VisibleHost[];
  /** Its hosts that nothing in the mesh has. */
  readonly unknown: readonly string[];
}

/** What a VirtualService claims: a wildcard only those hosts that no other VirtualService describes more closely. */
export function claimOf(
  rule: Rule,
  index: HostIndex,
  hosts: ReadonlyMap<string, VisibleHost>,
  aliasOf: (host: string) => VisibleHost | undefined,
): Claim {
  const own = hostsOf(rule);
  const exact = own.filter((host) => !isWildcard(host)).map((host) => ({ host, known: hosts.get(host) ?? aliasOf(host) }));
  const wide = own
    .filter(isWildcard)
    .map((host) => ({ host, covered: [...hosts.values()].filter((known) => coversHost(host, known.host)) }));
  const covered = wide.flatMap((one) => one.covered).filter(({ host }) => index.get(closestHost(index.keys(), host) ?? '') === rule);
  return {
    known: [...exact.flatMap(({ known }) => known ?? []), ...covered],
    unknown: [
      ...exact.flatMap(({ host, known }) => (known ? [] : [host])),
      ...wide.flatMap((one) => (one.covered.length === 0 ? [one.host] : [])),
    ],
  };
}
