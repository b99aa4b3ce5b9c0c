import { create } from '@bufbuild/protobuf';
import { type CidrRange, CidrRangeSchema } from '../../gen/envoy/config/core/v3/address_pb.js';
import { type FilterChainMatch, FilterChainMatchSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';

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

export function filterChainMatch(match: ChainMatch): FilterChainMatch {
  const { destinationPort, prefixRanges = [], serverNames = [], transportProtocol = '', applicationProtocols = [] } = match;
  return create(FilterChainMatchSchema, {
    ...(destinationPort !== undefined && { destinationPort }),
    prefixRanges: prefixRanges.map(cidrRange),
    serverNames: [...serverNames],
    transportProtocol,
    applicationProtocols: [...applicationProtocols],
  });
}

export function matchesAll(match: ChainMatch): boolean {
  const { destinationPort, prefixRanges = [], serverNames = [], transportProtocol, applicationProtocols = [] } = match;
  const lists = prefixRanges.length + serverNames.length + applicationProtocols.length;
  return destinationPort === undefined && transportProtocol === undefined && lists === 0;
}

/** Equal for matches that Envoy would refuse side by side: the order inside of lists does not count. */
export function matchKey(match: ChainMatch): string {
  const { destinationPort, prefixRanges = [], serverNames = [], transportProtocol, applicationProtocols = [] } = match;
  const lists = [prefixRanges, serverNames, applicationProtocols].map((list) => [...list].sort());
  return JSON.stringify([destinationPort, transportProtocol, ...lists]);
}

/** A CIDR's range, or that of one address. */
function cidrRange(text: string): CidrRange {
  const [addressPrefix = '', length] = text.split('/');
  const prefixLen = length === undefined ? (addressPrefix.includes(':') ? 128 : 32) : Number(length);
  return create(CidrRangeSchema, { addressPrefix, prefixLen });
}
