import { BlockList, isIP } from 'node:net';
import type { MeshNetworks } from '../config/mesh/mesh-networks.ts';
import { compareText } from '../lib/compare-text.ts';

/** Where traffic for another network goes in, by mutual TLS. */
export interface NetworkGateway {
  readonly address: string;
  readonly port: number;
}

/** Gateways by network. */
export type NetworkGateways = ReadonlyMap<string, readonly NetworkGateway[]>;

export function networkGateways({ networks = {} }: MeshNetworks): NetworkGateways {
  const all = Object.entries(networks).map(([name, { gateways = [] }]): [string, readonly NetworkGateway[]] => {
    const known = gateways.flatMap(({ address = '', port = 0 }) => (isIP(address) === 0 ? [] : [{ address, port }]));
    return [name, known.sort((a, b) => compareText(a.address, b.address) || a.port - b.port)];
  });
  return new Map(all.filter(([, gateways]) => gateways.length > 0));
}

/** The network that holds all of a cluster's registry; empty if none says so. */
export function registryNetwork({ networks = {} }: MeshNetworks, cluster: string): string {
  const found = Object.entries(networks).find(([, { endpoints = [] }]) => endpoints.some(({ fromRegistry }) => fromRegistry === cluster));
  return found?.[0] ?? '';
}

/** Looks up the network of an address by the prefixes of all networks, the first by name that holds it; empty if none does. */
export function networkByAddress({ networks = {} }: MeshNetworks): (address: string) => string {
  const lists = Object.entries(networks)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, { endpoints = [] }]) => ({ name, prefixes: prefixList(endpoints.map(({ fromCidr = '' }) => fromCidr)) }));
  return (address) => lists.find(({ prefixes }) => prefixes.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'))?.name ?? '';
}

/** What is no prefix holds nothing. */
function prefixList(prefixes: readonly string[]): BlockList {
  const list = new BlockList();
  for (const prefix of prefixes) {
    const [address = '', length = ''] = prefix.split('/');
    const family = isIP(address);
    const bits = Number(length);
    if (family === 0 || length === '' || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) continue;
    list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
