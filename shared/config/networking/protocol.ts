/** Protocols of ports, by the names that users write; case does not matter. */

const families = {
  http: ['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'],
  tls: ['https', 'tls'],
  tcp: ['tcp', 'https', 'tls', 'mongo', 'redis', 'mysql'],
} as const;

const known = new Set<string>(['udp', ...families.http, ...families.tcp]);

export function isKnownProtocol(name: string): boolean {
  return known.has(name.toLowerCase());
}

/** Whether the protocol is of the family; a name that nobody knows is of none. */
export function isProtocolOf(family: keyof typeof families, name: string): boolean {
  const members: readonly string[] = families[family];
  return members.includes(name.toLowerCase());
}

/** What is wrong with the protocol of a port whose protocol may also be found out by sniffing. */
export function protocolProblem(name: string): string | undefined {
  return name === '' || isKnownProtocol(name) ? undefined : `unsupported protocol: ${name}`;
}
