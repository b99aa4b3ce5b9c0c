import { BlockList, isIP } from 'node:net';
import type { MeshNetworks } from '../config/mesh/mesh-networks.ts';
import { compareText } from '../lib/compare-text.ts';

/** Where traffic for another network goes in, by mutual TLS. */
export interface NetworkGateway {
  readonly address: string;
  readonly port: number;
  /** Id of the cluster that it was found in; empty where settings name it. */
  readonly cluster: string;
}

/** Gateways by network. */
export type NetworkGateways = ReadonlyMap<string, readonly NetworkGateway[]>;

export interface FoundGateway {
  readonly network: string;
  readonly gateway: NetworkGateway;
}

/** Gateways that settings name by their address. */
export function declaredGateways({ networks = {} }: MeshNetworks): readonly FoundGateway[] {
  return Object.entries(networks).flatMap(([network, { gateways = [] }]) =>
    gateways.flatMap(({ address = '', port = 0 }) => (isIP(address) === 0 ? [] : [{ network, gateway: { address, port, cluster: '' } }])),
  );
}

/** Each gateway once, by network and in an order of their own. */
export function networkGateways(found: readonly FoundGateway[]): NetworkGateways {
  const keyOf = ({ address, port, cluster }: NetworkGateway): string => `${address} ${port} ${cluster}`;
  const all = [...Map.groupBy(found, ({ network }) => network)].map(([network, gateways]): [string, readonly NetworkGateway[]] => {
    const once = new Map(gateways.map(({ gateway }) => [keyOf(gateway), gateway]));
    return [network, [...once.values()].sort((a, b) => compareText(keyOf(a), keyOf(b)))];
  });
  return new Map(all.sort(([a], [b]) => compareText(a, b)));
}

/** Gateways to an endpoint: those of its own cluster, if there are any, otherwise all of its network; none where it is reached directly. */
export function gatewaysTo(
  gateways: NetworkGateways,
  { network, cluster }: { readonly network: string; readonly cluster: string },
): readonly NetworkGateway[] {
  const all = gateways.get(network) ?? [];
  const near = all.filter((gateway) => gateway.cluster === cluster);
  return near.length > 0 ? near : all;
}

/** By which all weights are multiplied, so that whatever gateways share one gets a whole number. */
export function gatewayScale(gateways: NetworkGateways): number {
  const counts = [...gateways.values()].flatMap((all) => [all, ...Map.groupBy(all, ({ cluster }) => cluster).values()]);
  return counts.map(({ length }) => length).reduce(leastCommonMultiple, 1);
}

function leastCommonMultiple(a: number, b: number): number {
  return (a * b) / greatestCommonDivisor(a, b);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
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
