/** `host:port` texts in mesh settings; what is wrong with them is said in the words that users know from istiod. */

import { domainNameProblem } from '../../lib/dns-name.ts';
import { quoted } from '../../lib/go-quote.ts';
import { isIpAddress } from '../../lib/ip-address.ts';
import { portProblem } from '../../lib/port.ts';

export interface HostPort {
  readonly host: string;
  readonly port: string;
}

/** What keeps the text from being the address of a service; undefined for a good one. Hosts are names or addresses, IPv6 ones in brackets. */
export function hostPortProblem(text: string): string | undefined {
  const split = splitHostPort(text);
  if (typeof split === 'string') return `unable to split ${quoted(text)}: ${text === '' ? '' : `address ${text}: `}${split}`;
  const { host, port } = split;
  const number = integer.test(port) ? Number(port) : undefined;
  if (number === undefined) return `port (${port}) is not a number: strconv.Atoi: parsing ${quoted(port)}: invalid syntax`;
  return portProblem(number) ?? hostProblem(host);
}

const integer = /^[+-]?[0-9]+$/;

function hostProblem(host: string): string | undefined {
  return domainNameProblem(host) === undefined || isIpAddress(host)
    ? undefined
    : `${quoted(host)} is not a valid hostname or an IP address`;
}

/** At the last colon; the answer is a text if the address cannot be split. */
export function splitHostPort(text: string): HostPort | string {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return 'missing port in address';
  return text.startsWith('[') ? splitBracketed(text, colon) : splitPlain(text, colon);
}

function splitPlain(text: string, colon: number): HostPort | string {
  const host = text.slice(0, colon);
  if (host.includes(':')) return 'too many colons in address';
  return strayBracket(text) ?? { host, port: text.slice(colon + 1) };
}

function splitBracketed(text: string, colon: number): HostPort | string {
  const end = text.indexOf(']');
  if (end < 0) return "missing ']' in address";
  if (end + 1 === text.length) return 'missing port in address';
  if (end + 1 !== colon) return text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address';
  return strayBracket(text.slice(1, end) + text.slice(end + 1)) ?? { host: text.slice(1, end), port: text.slice(colon + 1) };
}

function strayBracket(text: string): string | undefined {
  if (text.includes('[')) return "unexpected '[' in address";
  return text.includes(']') ? "unexpected ']' in address" : undefined;
}
