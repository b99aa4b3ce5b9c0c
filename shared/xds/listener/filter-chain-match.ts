import { create } from '@bufbuild/protobuf';
import { type CidrRange, CidrRangeSchema } from '../../gen/envoy/config/core/v3/address_pb.js';
import { type FilterChainMatch, FilterChainMatchSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { maskedCidr } from '../../lib/cidr.ts';

/** Which connections a chain takes; what is absent or empty takes all. */
export interface ChainMatch {
  readonly destinationPort?: number;
  /** CIDRs or single addresses of the original destination. */
  readonly prefixRanges?: readonly string[];
  /** Of the TLS client hello. */
  readonly serverNames?: readonly string[];
  readonly transportProtocol?: 'raw_buffer' | 'tls';
  /** ALPN of TLS connections, else what the HTTP inspector saw. */
  readonly applicationProtocols?: readonly string[];
}

const unspecified = '0.0.0.0';

/** The message, its lists in order. Ranges from 0.0.0.0 hold everything and are left out. */
export function filterChainMatch(match: ChainMatch): FilterChainMatch {
  const { destinationPort, prefixRanges = [], transportProtocol = '', applicationProtocols = [] } = match;
  return create(FilterChainMatchSchema, {
    ...(destinationPort !== undefined && { destinationPort }),
    prefixRanges: [...prefixRanges]
      .sort()
      .map(cidrRange)
      .filter(({ addressPrefix }) => addressPrefix !== unspecified),
    serverNames: [...namesOf(match)].sort(),
    transportProtocol,
    applicationProtocols: [...applicationProtocols],
  });
}

export function matchesAll(match: ChainMatch): boolean {
  const { destinationPort, prefixRanges = [], transportProtocol, applicationProtocols = [] } = match;
  const lists = prefixRanges.length + namesOf(match).length + applicationProtocols.length;
  return destinationPort === undefined && transportProtocol === undefined && lists === 0;
}

/** Equal for matches that Envoy would refuse side by side: order does not count, nor how a range is written. */
export function matchKey(match: ChainMatch): string {
  const { destinationPort, prefixRanges = [], transportProtocol, applicationProtocols = [] } = match;
  const ranges = prefixRanges.map((range) => maskedCidr(range) ?? range);
  const lists = [ranges, namesOf(match), applicationProtocols].map((list) => [...new Set(list)].sort());
  return JSON.stringify([destinationPort, transportProtocol, ...lists]);
}

/** A key for each server name: Envoy refuses two chains that share one. */
export function matchKeys(match: ChainMatch): readonly string[] {
  const names = namesOf(match);
  return names.length === 0 ? [matchKey(match)] : names.map((name) => matchKey({ ...match, serverNames: [name] }));
}

/** A `*` among them is any name, so there is nothing to match. */
function namesOf({ serverNames = [] }: ChainMatch): readonly string[] {
  return serverNames.includes('*') ? [] : serverNames;
}

/** A CIDR's range, or that of one address. */
function cidrRange(text: string): CidrRange {
  const [addressPrefix = '', length] = text.split('/');
  const prefixLen = length === undefined ? (addressPrefix.includes(':') ? 128 : 32) : Number(length);
  return create(CidrRangeSchema, { addressPrefix, prefixLen });
}
