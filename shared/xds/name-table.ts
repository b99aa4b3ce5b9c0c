import { isIP } from 'node:net';
import { create } from '@bufbuild/protobuf';
import { type NameTable, type NameTable_NameInfo, NameTable_NameInfoSchema, NameTableSchema } from '../gen/istio/nds_pb.js';
import type { Built, Endpoint, NameTableKey, Scope, Service } from '../model/index.ts';
import { usableAddresses } from './route/domains.ts';

/** The only name table of a proxy has no name of its own. */
export const nameTableName = '';

/**
 * What the agent's DNS server answers for (NDS): all visible hosts that have an address, and the pods of headless services. A host without any is
 * left to the DNS server behind it.
 */
export function nameTable(scope: Scope, key: NameTableKey): Built<NameTable> {
  const table = new Map<string, NameTable_NameInfo>();
  for (const service of scope.services) {
    const pods = service.resolution === 'passthrough' && service.addresses.length === 0 ? readyPods(scope, service, key) : [];
    for (const [host, pod] of podNames(service, pods)) if (!table.has(host)) table.set(host, pod);
    const ips = [...usableAddresses(service, key, scope.features).filter(isAddress), ...pods.flatMap(addressesOf)];
    if (ips.length === 0) continue;
    const known = table.get(service.host);
    table.set(service.host, known === undefined ? nameInfo(service, ips) : joined(known, service, ips));
  }
  return { value: [create(NameTableSchema, { table: Object.fromEntries([...table]) })], problems: [] };
}

/** Prefixes are nothing that a name could stand for. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0;
}

function addressesOf({ address, additionalAddresses }: Endpoint): readonly string[] {
  return [address, ...additionalAddresses];
}

/** Each pod once, as its first port has it. Callers connect to pods directly, so those of other networks are none of theirs. */
function readyPods(scope: Scope, service: Service, { network }: NameTableKey): readonly Endpoint[] {
  const [first] = service.ports;
  return scope
    .endpointsOf(service)
    .filter(
      (endpoint) =>
        endpoint.servicePortName === first?.name &&
        (service.publishesNotReadyAddresses || endpoint.health === 'healthy') &&
        (network === '' || endpoint.network === '' || network === endpoint.network) &&
        addressesOf(endpoint).every(isAddress),
    );
}

/**
 * Pods with a host name below the service's, `db-0.db.shop.svc.cluster.local`.
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-hostname-and-subdomain-fields
 */
function podNames(service: Service, pods: readonly Endpoint[]): readonly (readonly [string, NameTable_NameInfo])[] {
  const domain = service.host.slice(service.host.indexOf('.') + 1);
  return pods
    .filter(({ subdomain }) => subdomain !== '')
    .map((pod) => {
      const shortname = `${pod.hostname}.${pod.subdomain}`;
      const { registry, namespace } = service;
      return [`${shortname}.${domain}`, create(NameTable_NameInfoSchema, { ips: [...addressesOf(pod)], registry, shortname, namespace })];
    });
}

/** The agent makes the abbreviations of Kubernetes names from their parts; other names have none. */
function nameInfo({ registry, name, namespace }: Service, ips: readonly string[]): NameTable_NameInfo {
  return create(NameTable_NameInfoSchema, { ips: [...ips], registry, ...(registry === 'Kubernetes' && { shortname: name, namespace }) });
}

/** A host of a ServiceEntry has a service for each of its addresses; Kubernetes' own service is not added to. */
function joined(known: NameTable_NameInfo, service: Service, ips: readonly string[]): NameTable_NameInfo {
  if (known.registry === 'Kubernetes') return known;
  return service.registry === 'Kubernetes' ? nameInfo(service, ips) : { ...known, ips: [...known.ips, ...ips] };
}
