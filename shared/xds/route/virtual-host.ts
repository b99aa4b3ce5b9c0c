/** The virtual hosts of one port, each with the domains that it answers to. */

import { isIPv6 } from 'node:net';
import type { VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { compareText } from '../../lib/compare-text.ts';
import type { Init } from '../init.ts';
import type { Domains } from './domains.ts';
import type { Route } from './http-route.ts';

/** A virtual host before it is created. */
export type VirtualHost = Init<typeof VirtualHostSchema>;

/** What a virtual host shall be; others may have taken its name or domains. */
export interface VirtualHostPlan {
  readonly host: string;
  /** Whether the mesh has the host; if not, it stands only in a VirtualService. */
  readonly isKnown: boolean;
  readonly port: number;
  readonly domains: Domains;
  readonly routes: readonly Route[];
}

/**
 * By name. A name or a domain belongs to the plan that has it first, because Envoy refuses two with one; letters may differ in case. A plan without
 * any domain left gives nothing. An abbreviation that is another known host's full name is that host's.
 */
export function virtualHosts(plans: readonly VirtualHostPlan[]): readonly VirtualHost[] {
  const fullNames = new Set(plans.filter(({ isKnown }) => isKnown).map(({ host }) => host));
  const taken = { names: new Set<string>(), domains: new Set<string>() };
  return plans.flatMap((plan) => virtualHost(plan, fullNames, taken) ?? []).sort((a, b) => compareText(a.name ?? '', b.name ?? ''));
}

interface Taken {
  readonly names: Set<string>;
  readonly domains: Set<string>;
}

function virtualHost(plan: VirtualHostPlan, fullNames: ReadonlySet<string>, taken: Taken): VirtualHost | undefined {
  const name = `${plan.host}:${plan.port}`;
  if (taken.names.has(name)) return undefined;
  taken.names.add(name);
  const domains = freeDomains(plan.domains, fullNames, taken.domains);
  return domains.length === 0 ? undefined : { name, domains, routes: [...plan.routes] };
}

function freeDomains({ all, short }: Domains, fullNames: ReadonlySet<string>, taken: Set<string>): string[] {
  return all.filter((domain) => {
    const key = domain.toLowerCase();
    if (taken.has(key) || (short.has(domain) && fullNames.has(domain))) return false;
    taken.add(key);
    return true;
  });
}

/** The only spelling of a host that nothing but a VirtualService knows. */
export function plainDomains(host: string): Domains {
  return { all: [isIPv6(host) ? `[${host}]` : host], short: new Set() };
}
