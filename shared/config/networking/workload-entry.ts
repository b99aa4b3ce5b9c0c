/** `WorkloadEntry`: one workload that no Kubernetes pod is, such as a virtual machine. */

import { domainNameProblem } from '../../lib/dns-name.ts';
import { error, errorIf, type Findings, memberPath, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { isIpAddress } from '../../lib/ip-address.ts';
import { checkLabels } from '../../lib/label-map.ts';
import { type InferMessage, map, message, string, uint32 } from '../../lib/message.ts';
import { portNameProblem, portProblem } from '../../lib/port.ts';
import { isUnixAddress, unixAddressProblem } from '../../lib/unix-address.ts';
import type { ConfigKind } from '../kind.ts';

export const workloadEntry = message('istio.networking.v1alpha3.WorkloadEntry', {
  address: string,
  ports: map(uint32),
  labels: map(string),
  network: string,
  locality: string,
  weight: uint32,
  serviceAccount: string,
});
export type WorkloadEntry = InferMessage<typeof workloadEntry>;

export const workloadEntryKind: ConfigKind<WorkloadEntry> = {
  group: 'networking.istio.io',
  kind: 'WorkloadEntry',
  schema: workloadEntry,
  checkSpec: (entry) => checkWorkloadEntry(entry),
};

/** @param servicePorts names of the ServiceEntry's ports, for one of its endpoints: the entry uses them, and its address is no domain name. */
export function* checkWorkloadEntry(entry: WorkloadEntry, servicePorts?: ReadonlySet<string>): Findings {
  const { address = '', network = '', labels } = entry;
  if (address === '') {
    if (network === '') {
      yield error('address-missing', 'address', 'address is required');
      return;
    }
    yield warning('address-missing', 'address', `address is unset with network ${quoted(network)}`);
  } else if (isUnixAddress(address)) yield* checkUnixEndpoint(entry);
  else yield* checkAddress(address, servicePorts === undefined);
  yield* checkEndpointPorts(entry, servicePorts);
  yield* checkLabels('labels', labels);
  if (isUnixAddress(address) && servicePorts !== undefined && servicePorts.size !== 1) {
    yield error('unix-service-ports', 'address', 'exactly 1 service port required for unix endpoints');
  }
}

function* checkUnixEndpoint({ address = '', ports = {} }: WorkloadEntry): Findings {
  yield* errorIf('unix-address', 'address', unixAddressProblem(address));
  if (Object.keys(ports).length > 0) yield error('unix-ports', 'ports', `unix endpoint ${address} must not include ports`);
}

function* checkAddress(address: string, mayBeName: boolean): Findings {
  if (mayBeName) yield* errorIf('address', 'address', endpointAddressProblem(address));
  else if (!isIpAddress(address)) yield error('address', 'address', `endpoint address ${quoted(address)} is not a valid IP address`);
}

/** What keeps the text from being a domain name or an address. */
export function endpointAddressProblem(address: string): string | undefined {
  const isGood = isIpAddress(address) || domainNameProblem(address) === undefined;
  return isGood ? undefined : `endpoint address ${quoted(address)} is not a valid FQDN or an IP address`;
}

/** @param servicePorts names of the ServiceEntry's ports; without one any name is right. */
export function* checkEndpointPorts({ ports = {} }: WorkloadEntry, servicePorts?: ReadonlySet<string>): Findings {
  for (const [name, port] of Object.entries(ports)) {
    const path = memberPath('ports', name);
    if (servicePorts?.has(name) === false) yield error('endpoint-port', path, `endpoint port ${port} is not defined by the service entry`);
    yield* errorIf('port-name', path, portNameProblem(name));
    yield* errorIf('port', path, portProblem(port));
  }
}
