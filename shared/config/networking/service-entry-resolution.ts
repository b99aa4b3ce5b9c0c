/** How the hosts of a ServiceEntry become addresses, and what each way demands of its other fields. */

import { domainNameProblem } from '../../lib/dns-name.ts';
import { each, error, errorIf, type Findings, warning } from '../../lib/finding.ts';
import { checkLabels } from '../../lib/label-map.ts';
import type { ObjectMeta } from '../kind.ts';
import { isProtocolOf } from './protocol.ts';
import type { ServiceEntry } from './service-entry.ts';
import { checkEndpointPorts, checkWorkloadEntry, endpointAddressProblem, type WorkloadEntry } from './workload-entry.ts';

export function* checkResolution(entry: ServiceEntry, meta: ObjectMeta): Findings {
  yield* checkWay(entry, meta);
  if ((entry.resolution ?? 'NONE') !== 'NONE') yield* checkHostsCanBeTold(entry);
}

function checkWay(entry: ServiceEntry, meta: ObjectMeta): Findings {
  switch (entry.resolution ?? 'NONE') {
    case 'NONE':
      return checkNone(entry);
    case 'STATIC':
      return checkStatic(entry);
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      return checkDns(entry);
    case 'DYNAMIC_DNS':
      return checkDynamicDns(entry, meta);
    default:
      return [error('resolution', 'resolution', 'unsupported resolution type ')];
  }
}

function* checkNone({ endpoints = [], workloadSelector }: ServiceEntry): Findings {
  if (endpoints.length > 0) yield error('endpoints', 'endpoints', 'no endpoints should be provided for resolution type none');
  if (workloadSelector) {
    yield warning('selector-unused', 'workloadSelector', 'workloadSelector should not be set when resolution mode is NONE');
  }
}

function* checkStatic(entry: ServiceEntry): Findings {
  const names = portNames(entry);
  yield* each('endpoints', entry.endpoints, (endpoint) => checkWorkloadEntry(endpoint, names));
}

function portNames({ ports = [] }: ServiceEntry): ReadonlySet<string> {
  return new Set(ports.map(({ name = '' }) => name));
}

function* checkDns(entry: ServiceEntry): Findings {
  const { hosts = [], endpoints = [], resolution } = entry;
  if (endpoints.length === 0) {
    const index = hosts.findIndex((host) => domainNameProblem(host) !== undefined);
    const reason = domainNameProblem(hosts[index] ?? 'none.example');
    const rule = `hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode ${resolution}`;
    if (reason !== undefined) yield error('host-without-endpoints', `hosts[${index}]`, `${rule}, ${reason}`);
  }
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    yield error('endpoints', 'endpoints', `there must only be 0 or 1 endpoint for resolution mode ${resolution}`);
  }
  const names = portNames(entry);
  yield* each('endpoints', endpoints, (endpoint) => checkDnsEndpoint(endpoint, names));
  yield* warnOfSharedAddress(entry);
}

function* checkDnsEndpoint(endpoint: WorkloadEntry, names: ReadonlySet<string>): Findings {
  yield* errorIf('address', 'address', endpointAddressProblem(endpoint.address ?? ''));
  yield* checkLabels('labels', endpoint.labels);
  yield* checkEndpointPorts(endpoint, names);
}

/** By address and TCP port alone nobody can tell which of the hosts is meant. */
function* warnOfSharedAddress({ hosts = [], addresses = [], ports = [] }: ServiceEntry): Findings {
  const index = ports.findIndex(({ protocol = '' }) => isProtocolOf('tcp', protocol));
  if (addresses.length === 0 || hosts.length < 2 || index === -1) return;
  const message = 'service entry can not have more than one host specified simultaneously with address and tcp port';
  yield warning('hosts-share-address', `ports[${index}]`, message);
}

/** Envoy resolves the very host that a request names. */
function* checkDynamicDns(entry: ServiceEntry, { labels }: ObjectMeta): Findings {
  const { hosts = [], addresses = [], endpoints = [], location = 'MESH_EXTERNAL' } = entry;
  if (hosts.length === 0) {
    yield error('hosts-missing', 'hosts', 'at least one wildcard host must be provided for resolution type DYNAMIC_DNS');
  }
  for (const [index, host] of hosts.entries()) {
    if (!host.startsWith('*')) yield error('host-wildcard', `hosts[${index}]`, 'host must be wildcarded for resolution mode DYNAMIC_DNS');
  }
  if (addresses.length > 0) {
    const message =
      'addresses cannot be set for resolution type DYNAMIC_DNS. HTTP route domains will only be generatedfrom the hosts field values';
    yield error('addresses', 'addresses', message);
  }
  if (endpoints.length > 0) yield error('endpoints', 'endpoints', 'no endpoints should be provided for resolution type DYNAMIC_DNS');
  yield* checkDynamicPorts(entry);
  const waypoint = labels['istio.io/use-waypoint'] ?? '';
  if (location === 'MESH_INTERNAL' && waypoint !== '' && waypoint !== 'none') {
    const message = 'location MESH_INTERNAL with resolution type DYNAMIC_DNS is not supported when using waypoints';
    yield error('location', 'location', message);
  }
}

const dynamicProtocols = ['http', 'http2', 'grpc', 'tls'];

function* checkDynamicPorts({ ports }: ServiceEntry): Findings {
  yield* each('ports', ports, function* ({ protocol = '' }): Findings {
    if (dynamicProtocols.includes(protocol.toLowerCase())) return;
    yield error('protocol', 'protocol', 'only HTTP, TLS, GRPC, and HTTP2 protocols are supported for resolution type DYNAMIC_DNS');
  });
}

/** HTTP names its host, TLS its server; any other protocol names neither. */
function* checkHostsCanBeTold({ hosts = [], ports = [] }: ServiceEntry): Findings {
  const isTold = (protocol: string): boolean => isProtocolOf('http', protocol) || isProtocolOf('tls', protocol);
  const index = ports.findIndex(({ protocol = '' }) => !isTold(protocol));
  if (hosts.length < 2 || index === -1) return;
  yield error('hosts-and-protocol', `ports[${index}]`, 'multiple hosts provided with non-HTTP, non-TLS ports');
}
