/** `NAMESPACE/HOST` of Sidecar resources: what an egress listener lets in. */

import { coversHost, isWildcard } from '../lib/host.ts';

/** What is asked about: a service, or a VirtualService by one of its hosts. */
interface Named {
  readonly namespace: string;
  readonly host: string;
}

export interface HostImports {
  hasService(service: Named): boolean;
  /** Whether either of the two host patterns holds the other. */
  hasRule(rule: Named): boolean;
}

/** Hosts of one namespace. */
interface HostSet {
  readonly exact: Set<string>;
  readonly wildcards: string[];
}

type HostSets = ReadonlyMap<string, HostSet>;

const anyNamespace = '*';

/**
 * @param hosts namespaces `.` (the proxy's own), `*` (any), `~` (none); `~NAMESPACE/HOST` takes out what another one lets in.
 * @param namespace the proxy's.
 */
export function hostImports(hosts: readonly string[], namespace: string): HostImports {
  const wanted = hostSets(
    hosts.filter((text) => !text.startsWith('~')),
    namespace,
  );
  const unwanted = hostSets(
    hosts.filter((text) => text.startsWith('~')).map((text) => text.slice(1)),
    namespace,
  );
  return {
    hasService: (service) => matches(wanted, service, coversService) && !matches(unwanted, service, coversService),
    hasRule: (rule) => matches(wanted, rule, overlaps) && !matches(unwanted, rule, coversService),
  };
}

/** By namespace. Texts of another form, and those of no namespace, are nobody's. */
function hostSets(hosts: readonly string[], namespace: string): HostSets {
  const sets = new Map<string, HostSet>();
  for (const text of hosts) {
    const [written = '', host, ...more] = text.split('/');
    if (written === '' || host === undefined || more.length > 0) continue;
    const key = written === '.' ? namespace : written;
    const set = sets.get(key) ?? { exact: new Set(), wildcards: [] };
    sets.set(key, set);
    if (isWildcard(host)) set.wildcards.push(host);
    else set.exact.add(host);
  }
  return sets;
}

function matches(sets: HostSets, { namespace, host }: Named, has: (set: HostSet, host: string) => boolean): boolean {
  return [namespace, anyNamespace].some((key) => {
    const set = sets.get(key);
    return set !== undefined && has(set, host);
  });
}

function coversService({ exact, wildcards }: HostSet, host: string): boolean {
  return exact.has(host) || wildcards.some((pattern) => coversHost(pattern, host));
}

function overlaps(set: HostSet, host: string): boolean {
  if (coversService(set, host)) return true;
  return isWildcard(host) && [...set.exact, ...set.wildcards].some((one) => coversHost(host, one));
}
