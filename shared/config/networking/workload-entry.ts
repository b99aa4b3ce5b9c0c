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
  checkSpec: (entry) => checkWorkloadEntry(entry, 'domain names allowed'),
};

/** Also the rules of a ServiceEntry's endpoints; its resolution says which addresses they may have. */
export function* checkWorkloadEntry(entry: WorkloadEntry, hosts: 'domain names allowed' | 'addresses only'): Findings {
  const { address = '', network = '', labels } = entry;
  if (address === '') {
    if (network === '') {
      yield error('address-missing', 'address', 'address is required');
      return;
    }
    yield warning('address-missing', 'address', `address is unset with network ${quoted(network)}`);
  } else if (isUnixAddress(address)) yield* checkUnixEndpoint(entry);
  else yield* checkAddress(address, hosts);
  yield* checkPorts(entry);
  yield* checkLabels('labels', labels);
}

function* checkUnixEndpoint({ address = '', ports = {} }: WorkloadEntry): Findings {
  yield* errorIf('unix-address', 'address', unixAddressProblem(address));
  if (Object.keys(ports).length > 0) yield error('unix-ports', 'ports', `unix endpoint ${address} must not include ports`);
}

function* checkAddress(address: string, hosts: 'domain names allowed' | 'addresses only'): Findings {
  if (isIpAddress(address)) return;
  if (hosts === 'addresses only') yield error('address', 'address', `endpoint address ${quoted(address)} is not a valid IP address`);
  else if (domainNameProblem(address) !== undefined) {
    yield error('address', 'address', `endpoint address ${quoted(address)} is not a valid FQDN or an IP address`);
  }
}

function* checkPorts({ ports = {} }: WorkloadEntry): Findings {
  for (const [name, port] of Object.entries(ports)) {
    yield* errorIf('port-name', memberPath('ports', name), portNameProblem(name));
    yield* errorIf('port', memberPath('ports', name), portProblem(port));
  }
}
