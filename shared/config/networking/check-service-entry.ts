/** Rules of a ServiceEntry. */

import { partialWildcardProblem, wildcardDomainProblem } from '../../lib/dns-name.ts';
import { at, each, error, errorIf, type Findings, hasErrors, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { subnetProblem } from '../../lib/ip-address.ts';
import { portNameProblem, portProblem } from '../../lib/port.ts';
import type { ConfigKind, ObjectMeta } from '../kind.ts';
import { checkExportTo } from './export-to.ts';
import { protocolProblem } from './protocol.ts';
import { type ServiceEntry, serviceEntry } from './service-entry.ts';
import { checkResolution } from './service-entry-resolution.ts';
import { checkWorkloadSelector } from './workload-selector.ts';

export const serviceEntryKind: ConfigKind<ServiceEntry> = {
  group: 'networking.istio.io',
  kind: 'ServiceEntry',
  schema: serviceEntry,
  checkSpec: checkServiceEntry,
};

function* checkServiceEntry(entry: ServiceEntry, meta: ObjectMeta): Findings {
  if (entry.workloadSelector) {
    const selector = [...at('workloadSelector', checkWorkloadSelector(entry.workloadSelector, 'service entry'))];
    yield* selector;
    if (hasErrors(selector)) return;
    if ((entry.endpoints ?? []).length > 0) {
      yield error('selector-and-endpoints', 'workloadSelector', 'only one of WorkloadSelector or Endpoints is allowed in Service Entry');
    }
  }
  yield* checkHosts(entry);
  yield* checkAddresses(entry);
  yield* checkPorts(entry, meta);
  yield* checkResolution(entry, meta);
  yield* checkExportTo(entry.exportTo ?? [], meta.namespace, 'everywhere or hidden');
}

function* checkHosts({ hosts = [], resolution }: ServiceEntry): Findings {
  if (hosts.length === 0) yield error('hosts-missing', 'hosts', 'service entry must have at least one host');
  for (const [index, host] of hosts.entries()) {
    const path = `hosts[${index}]`;
    if (host === '*') {
      yield error('host', path, `invalid host ${host}`);
      continue;
    }
    yield* errorIf('host', path, wildcardDomainProblem(host));
    const partial = resolution === 'DYNAMIC_DNS' ? undefined : partialWildcardProblem(host);
    if (partial !== undefined) yield warning('host-partial-wildcard', path, partial);
  }
}

function* checkAddresses({ addresses = [], resolution = 'NONE' }: ServiceEntry): Findings {
  for (const [index, address] of addresses.entries()) yield* errorIf('address', `addresses[${index}]`, subnetProblem(address));
  if (resolution === 'NONE' || resolution === 'STATIC' || !addresses.some((address) => address.includes('/'))) return;
  yield error('address-range', 'addresses', 'CIDR addresses are allowed only for NONE/STATIC resolution types');
}

type ServicePort = NonNullable<ServiceEntry['ports']>[number];

function* checkPorts(entry: ServiceEntry, meta: ObjectMeta): Findings {
  const names = new Set<string>();
  const numbers = new Set<number>();
  const needsAddress = (entry.addresses ?? []).length === 0 && !getsAddress(entry, meta);
  yield* each('ports', entry.ports, function* (port): Findings {
    const { name = '', number = 0 } = port;
    if (names.has(name)) yield error('port-name-twice', 'name', `service entry port name ${quoted(name)} already defined`);
    if (numbers.has(number)) yield error('port-twice', 'number', `service entry port ${number} already defined`);
    names.add(name);
    numbers.add(number);
    yield* checkPort(port, needsAddress);
  });
}

function* checkPort({ name = '', number = 0, protocol = '', targetPort = 0 }: ServicePort, needsAddress: boolean): Findings {
  if (targetPort !== 0) yield* errorIf('target-port', 'targetPort', portProblem(targetPort));
  if (needsAddress && (protocol === '' || protocol === 'TCP')) {
    const message = 'addresses are required for ports serving TCP (or unset) protocol when IP Autoallocation is not enabled';
    yield warning('address-missing', 'protocol', message);
  }
  yield* errorIf('port-name', 'name', portNameProblem(name));
  yield* errorIf('protocol', 'protocol', protocolProblem(protocol));
  yield* errorIf('port', 'number', portProblem(number));
}

/** Whether the control plane chooses addresses for the hosts. */
function getsAddress({ resolution = 'NONE' }: ServiceEntry, { labels }: ObjectMeta): boolean {
  return resolution !== 'NONE' && labels['networking.istio.io/enable-autoallocate-ip'] !== 'false';
}
