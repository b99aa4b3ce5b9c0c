import { domainNameProblem, isDnsLabel } from '../../lib/dns-name.ts';
import { at, each, errorIf, type Findings, memberPath } from '../../lib/finding.ts';
import { isIpAddress, subnetProblem } from '../../lib/ip-address.ts';
import { portProblem } from '../../lib/port.ts';
import type { MeshNetworks } from './mesh-networks.ts';

type Network = NonNullable<MeshNetworks['networks']>[string];
type Gateway = NonNullable<Network['gateways']>[number];
type Endpoint = NonNullable<Network['endpoints']>[number];

/** Rules of the networks of a mesh. Istio compatibility: of each network only the last error is told, with the network's name. */
export function* checkMeshNetworks({ networks = {} }: MeshNetworks): Findings {
  for (const [name, network] of Object.entries(networks)) {
    const last = [...at(memberPath('networks', name), checkNetwork(network))].at(-1);
    if (last) yield { ...last, message: `invalid network ${name}: ${last.message}` };
  }
}

function* checkNetwork({ endpoints, gateways }: Network): Findings {
  yield* each('endpoints', endpoints, checkEndpoint);
  yield* each('gateways', gateways, checkGateway);
}

function* checkEndpoint({ fromCidr, fromRegistry }: Endpoint): Findings {
  if (fromCidr !== undefined) yield* errorIf('cidr', 'fromCidr', subnetProblem(fromCidr));
  if (fromRegistry !== undefined && !isDnsLabel(fromRegistry)) {
    yield* errorIf('registry', 'fromRegistry', `invalid registry name: ${fromRegistry}`);
  }
}

/** An address may be a name, which proxies or the control plane resolve. */
function* checkGateway({ address, registryServiceName, port = 0 }: Gateway): Findings {
  if (address !== undefined && !isIpAddress(address) && domainNameProblem(address) !== undefined) {
    yield* errorIf('address', 'address', `${address} is not a valid IP address or DNS name`);
  }
  if (registryServiceName !== undefined) yield* errorIf('host', 'registryServiceName', domainNameProblem(registryServiceName));
  yield* errorIf('port', 'port', portProblem(port));
}
