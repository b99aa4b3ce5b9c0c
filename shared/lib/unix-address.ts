/** Sockets of the file system, as Istio writes them: `unix:///PATH`, or `unix://@NAME` for Linux's abstract ones. */

const scheme = 'unix://';

export function isUnixAddress(address: string): boolean {
  return address.startsWith(scheme);
}

/** What keeps the address from being that of a socket; undefined for a good one. Only for what {@link isUnixAddress}. */
export function unixAddressProblem(address: string): string | undefined {
  const path = address.slice(scheme.length);
  if (path === '') return 'unix address must not be empty';
  if (path.startsWith('@')) return undefined;
  return path.startsWith('/') && !path.endsWith('/') ? undefined : `${path} is not an absolute path to a file`;
}
