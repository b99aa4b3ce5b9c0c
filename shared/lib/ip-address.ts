/** Addresses and ranges as Go reads them: IPv6 addresses may have a zone. */

import { isIP, isIPv4, isIPv6 } from 'node:net';

/** Whether the text is one address, not a range. */
export function isIpAddress(text: string): boolean {
  const zone = text.indexOf('%');
  if (zone === -1) return isIP(text) !== 0;
  return zone < text.length - 1 && isIPv6(text.slice(0, zone));
}

/** What keeps the text from being an address; undefined for a good one. */
export function ipAddressProblem(text: string): string | undefined {
  return isIpAddress(text) ? undefined : `${text} is not a valid IP`;
}

/** What keeps the text from being an address or a range of them (`10.0.0.0/8`); undefined for a good one. */
export function subnetProblem(text: string): string | undefined {
  const parts = text.split('/');
  if (parts.length !== 2) return ipAddressProblem(text);
  const [address = '', length = ''] = parts;
  const bits = isIPv4(address) ? 32 : isIP(address) === 6 && !address.includes('%') ? 128 : -1;
  return prefixLength.test(length) && Number(length) <= bits ? undefined : `${text} is not a valid CIDR block`;
}

const prefixLength = /^(?:0|[1-9][0-9]{0,2})$/;
