import type { PortProtocol } from '../../model/index.ts';

/** A port of a Kubernetes service, as far as its protocol depends on it. */
interface DeclaredPort {
  readonly name?: string;
  /** Transport; TCP if absent. */
  readonly protocol?: string;
  readonly appProtocol?: string;
  readonly port?: number;
}

const protocols: ReadonlyMap<string, PortProtocol> = new Map([
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['grpc', 'GRPC'],
  ['http', 'HTTP'],
  ['http2', 'HTTP2'],
  ['https', 'HTTPS'],
  ['http_proxy', 'HTTP_PROXY'],
  ['tls', 'TLS'],
  ['mongo', 'Mongo'],
  ['redis', 'Redis'],
  ['mysql', 'MySQL'],
]);

/** Standard names of appProtocol. @see https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol */
const kubernetesProtocols: ReadonlyMap<string, PortProtocol> = new Map([
  ['kubernetes.io/h2c', 'HTTP2'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'HTTPS'],
]);

/** SMTP, DNS, MySQL, MongoDB: the server speaks first, so that waiting for the client's first bytes would block them. */
const serverFirstPorts: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/**
 * The protocol of a port: its transport, then `appProtocol`, then the first word of its name.
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
export function portProtocol({ name = '', protocol = 'TCP', appProtocol, port }: DeclaredPort): PortProtocol {
  if (protocol === 'UDP') return 'UDP';
  const declared = namedProtocol(appProtocol ?? name);
  if (declared !== 'Auto') return declared;
  return port !== undefined && serverFirstPorts.has(port) ? 'TCP' : 'Auto';
}

/** The protocol that a port name or an `appProtocol` begins with (`http-web`, `grpc`); `Auto` if it is none that is known. */
export function namedProtocol(text: string): PortProtocol {
  const known = kubernetesProtocols.get(text);
  if (known !== undefined) return known;
  const name = text.toLowerCase();
  if (name.startsWith('grpc-web')) return 'GRPC-Web';
  return protocols.get(name.split('-')[0] ?? '') ?? 'Auto';
}
