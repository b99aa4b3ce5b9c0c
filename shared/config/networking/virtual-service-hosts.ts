/** Hosts of a VirtualService: their form, and whether one covers another. */

import { isDnsLabel, wildcardDomainProblem } from '../../lib/dns-name.ts';
import { error, type Findings } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';

const outboundForm = /^outbound_\./;
const portForm = /^[0-9]{1,5}$/;

/**
 * What keeps the text from being a host of routes for a gateway.
 * @param hasSni whether it may be a name that proxies ask for themselves, between networks: `outbound_.80_._.web.example.com`.
 */
export function gatewayHostProblem(host: string, hasSni: boolean): string | undefined {
  const problem = wildcardDomainProblem(host);
  if (problem === undefined || !hasSni || !outboundForm.test(host)) return problem;
  const wrong = wrongOutboundLabel(host);
  if (wrong === undefined) return undefined;
  const form = 'outbound_.<PORT>_._.<HOSTNAME>';
  return `domain name ${quoted(host)} invalid (label ${quoted(wrong)} invalid). should follow ${form} format`;
}

function wrongOutboundLabel(host: string): string | undefined {
  const [, port = '', subset, ...rest] = host.split('_.');
  if (!portForm.test(port)) return port;
  if (subset !== '') return rest.length === 0 ? '' : subset;
  return rest
    .join('_.')
    .split('.')
    .find((label) => !isDnsLabel(label));
}

/** Hosts in a form that can be asked which of them cover a host. A wildcard covers what ends with the rest of it. */
export interface HostIndex {
  /** Positions in the list, by text. */
  readonly exact: ReadonlyMap<string, readonly number[]>;
  /** Positions of wildcards, by what follows the `*`. */
  readonly wildcards: ReadonlyMap<string, readonly number[]>;
  /** Lengths of those texts. */
  readonly lengths: readonly number[];
}

export function indexHosts(hosts: readonly string[]): HostIndex {
  const exact = new Map<string, number[]>();
  const wildcards = new Map<string, number[]>();
  for (const [position, host] of hosts.entries()) {
    const [table, key] = host.startsWith('*') ? [wildcards, host.slice(1)] : [exact, host];
    const positions = table.get(key);
    if (positions) positions.push(position);
    else table.set(key, [position]);
  }
  return { exact, wildcards, lengths: [...new Set([...wildcards.keys()].map((key) => key.length))] };
}

/** Positions of the hosts that cover this one, which may be a wildcard itself. */
export function* covering(host: string, { exact, wildcards, lengths }: HostIndex): Iterable<number> {
  const isWildcard = host.startsWith('*');
  const text = isWildcard ? host.slice(1) : host;
  if (!isWildcard) yield* exact.get(host) ?? [];
  for (const length of lengths) {
    if (length <= text.length) yield* wildcards.get(text.slice(text.length - length)) ?? [];
  }
}

/** Pairs that no request can tell apart. */
export function* checkOverlaps(hosts: readonly string[]): Findings {
  const index = indexHosts(hosts);
  for (const [position, host] of hosts.entries()) {
    for (const other of covering(host, index)) {
      // The same host is found from both sides: the later one tells.
      if (other === position || (other > position && hosts[other] === host)) continue;
      const [first, second] = [Math.min(other, position), Math.max(other, position)];
      yield error('hosts-overlap', `hosts[${second}]`, `duplicate hosts in virtual service: ${hosts[first]} & ${hosts[second]}`);
    }
  }
}
