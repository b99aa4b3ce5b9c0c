/** The spellings under which clients call a service: what a virtual host's domains are. */

import { isIPv6 } from 'node:net';
import type { Features, RouteKey, Service } from '../../model/index.ts';

/** Host names, aliases and addresses of a service, as far as a proxy may use them. */
export interface HostNames {
  /** Full names, the service's own first. */
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  /** Whether its pods have names of their own below the service's. */
  readonly hasPodNames: boolean;
}

/** The spellings in their order, and those of them that are only abbreviations. */
export interface Domains {
  readonly all: readonly string[];
  readonly short: ReadonlySet<string>;
}

/**
 * Every spelling: each full name, the same with a dot at its end, the abbreviations that the proxy's DNS searches make possible, the same with a
 * wildcard for pods, and the addresses.
 * @param dnsDomain of the proxy, `shop.svc.cluster.local`.
 */
export function serviceDomains({ hosts, addresses, hasPodNames }: HostNames, dnsDomain: string): Domains {
  const named = hosts.map((host) => ({ full: [host, `${host}.`], short: shortNames(host, dnsDomain) }));
  const names = named.flatMap(({ full, short }) => [...full, ...short]);
  const podNames = hasPodNames ? names.map(podWildcard) : [];
  return { all: [...names, ...podNames, ...addresses.map(addressDomain)], short: new Set(named.flatMap(({ short }) => short)) };
}

/**
 * The addresses by which a proxy may call a service: those of Kubernetes in its families where the mesh is dual stack, otherwise all as they are.
 * A host without any may have one that was made up for it, if the proxy's DNS tells it.
 */
export function usableAddresses(
  { addresses, autoAddresses, registry }: Service,
  key: Pick<RouteKey, 'ipFamilies' | 'capturesDns' | 'takesAutoAddresses'>,
  { dualStack }: Pick<Features, 'dualStack'>,
): readonly string[] {
  if (addresses.length > 0) {
    return dualStack && registry === 'Kubernetes' ? addresses.filter((address) => isReachable(address, key.ipFamilies)) : addresses;
  }
  if (!(key.capturesDns && key.takesAutoAddresses)) return [];
  return autoAddresses.filter((address) => isReachable(address, key.ipFamilies)).slice(0, 1);
}

function isReachable(address: string, families: RouteKey['ipFamilies']): boolean {
  return families === 'dual' || address.includes(':') === (families === 'v6');
}

/**
 * Abbreviations of a Kubernetes service for clients whose DNS searches `NAMESPACE.svc.…`: down to the bare name in its own namespace.
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
function shortNames(host: string, dnsDomain: string): readonly string[] {
  const { namespace: clientNamespace, suffix } = splitAtService(dnsDomain);
  if (suffix === '' || !host.endsWith(suffix)) return [];
  const [name = '', ...rest] = host.slice(0, -suffix.length).split('.');
  const namespace = rest.join('.');
  if (name === '' || name === '*' || namespace === '') return [];
  const [withNamespace, withService] = [`${name}.${namespace}`, `${name}.${namespace}.svc`];
  return namespace === clientNamespace ? [name, withService, withNamespace] : [withNamespace, withService];
}

/** `shop.svc.cluster.local` as `shop` and `.svc.cluster.local`; no suffix for domains that are not of that form. */
function splitAtService(domain: string): { readonly namespace: string; readonly suffix: string } {
  const at = domain.indexOf('.svc.');
  return at === -1 ? { namespace: '', suffix: '' } : { namespace: domain.slice(0, at), suffix: domain.slice(at) };
}

function podWildcard(name: string): string {
  return `*.${name}`;
}

function addressDomain(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}

/** The same with ports, for the HTTP proxy, which serves all ports at once: there a host without a port means port 80. */
export function domainsWithPort({ all, short }: Domains, port: number): Domains {
  const withPort = (domain: string): string => `${domain}:${port}`;
  const forms = port === 80 ? all.flatMap((domain) => [domain, withPort(domain)]) : all.map(withPort);
  return { all: forms, short };
}
