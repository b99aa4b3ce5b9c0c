import { isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

const everyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);

/** Names for which the webhook's certificate is made: this machine's, and istiod's own, under which a cluster may call it. */
export function servingNames(bind: string): readonly string[] {
  const local = everyAddress.has(bind) ? machineAddresses() : [bind];
  const names = ['localhost', '127.0.0.1', '::1', 'istiod.istio-system.svc', hostname(), ...local];
  return [...new Set(names.filter((name) => !name.includes('%')))];
}

/** The address under which a client on this machine reaches a server. */
export function baseUrl(scheme: 'http' | 'https', bind: string, port: number): string {
  return `${scheme}://${reachable(bind, port)}`;
}

/** `127.0.0.1:15010`, where clients on this machine find a server. */
export function reachable(bind: string, port: number): string {
  return hostAndPort(everyAddress.has(bind) ? '127.0.0.1' : bind, port);
}

/** `HOST:PORT`, with the brackets that IPv6 needs. */
export function hostAndPort(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function machineAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
}
