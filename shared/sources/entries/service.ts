import type { ServiceEntry, ServiceEntryStatus } from '../../config/networking/service-entry.ts';
import { type ConfigObject, decodeExportTo, type Resolution, type Service, type ServicePort } from '../../model/index.ts';
import { namedProtocol } from '../kubernetes/protocol.ts';

/** A ServiceEntry with what the control plane wrote back into it. */
export interface ServiceEntryObject extends ConfigObject<ServiceEntry> {
  readonly status: ServiceEntryStatus;
}

const resolutions: Readonly<Record<NonNullable<ServiceEntry['resolution']>, Resolution>> = {
  NONE: 'passthrough',
  STATIC: 'endpoints',
  DNS: 'dns',
  DNS_ROUND_ROBIN: 'dns-round-robin',
  DYNAMIC_DNS: 'dynamic-dns',
};

/**
 * One service for each host and address. Istio compatibility: the endpoints of a host with two addresses count twice.
 * @param defaultExportTo visibility of entries that say nothing.
 */
export function entryServices(entry: ServiceEntryObject, defaultExportTo: readonly string[]): readonly Service[] {
  const { addresses = [], hosts = [] } = entry.spec;
  const places = addresses.length > 0 ? addresses.map((address) => [plainAddress(address)]) : [[]];
  return hosts.flatMap((host) => places.map((address) => entryService({ entry, host, addresses: address }, defaultExportTo)));
}

interface HostOfEntry {
  readonly entry: ServiceEntryObject;
  readonly host: string;
  readonly addresses: readonly string[];
}

function entryService({ entry, host, addresses }: HostOfEntry, defaultExportTo: readonly string[]): Service {
  const { spec, status, namespace } = entry;
  const given = (status.addresses ?? []).filter((address) => address.host === host).map(({ value = '' }) => value);
  return {
    host,
    name: host,
    namespace,
    created: entry.created,
    registry: 'External',
    objectName: entry.name,
    resolution: resolutions[spec.resolution ?? 'NONE'],
    ports: (spec.ports ?? []).map(entryPort),
    addresses,
    autoAddresses: given,
    visibility: decodeExportTo(spec.exportTo ?? [], namespace, defaultExportTo),
    isMeshExternal: (spec.location ?? 'MESH_EXTERNAL') === 'MESH_EXTERNAL',
    ...(spec.workloadSelector?.labels !== undefined && { selector: spec.workloadSelector.labels }),
    labels: entry.labels,
    subjectAltNames: spec.subjectAltNames ?? [],
    isNodeLocal: false,
    publishesNotReadyAddresses: false,
  };
}

function entryPort({ number = 0, name = '', protocol = '', targetPort = 0 }: NonNullable<ServiceEntry['ports']>[number]): ServicePort {
  return { number, name, protocol: namedProtocol(protocol), ...(targetPort !== 0 && { targetPort }) };
}

/** A prefix that holds a single address says nothing more than the address. */
function plainAddress(address: string): string {
  const [ip = '', length] = address.split('/');
  return length === (ip.includes(':') ? '128' : '32') ? ip : address;
}
