/** `Gateway`: what a proxy at the edge of the mesh listens for. Fields in the order of the .proto file. */

import { isDnsLabel } from '../../lib/dns-name.ts';
import { at, each, error, type Findings, hasErrors, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { type InferMessage, list, map, message, string } from '../../lib/message.ts';
import type { ConfigKind, ObjectMeta } from '../kind.ts';
import { checkGatewayBind, checkGatewayPort, gatewayPort } from './gateway-port.ts';
import { checkServerTls, passesTlsThrough, serverTls } from './gateway-tls.ts';
import { checkNamespaceHost } from './namespace-host.ts';
import { isProtocolOf } from './protocol.ts';

const networking = 'istio.networking.v1alpha3';

const server = message(`${networking}.Server`, {
  port: gatewayPort,
  bind: string,
  /** `NAMESPACE/HOST` or `HOST`. */
  hosts: list(string),
  tls: serverTls,
  defaultEndpoint: string,
  name: string,
});
export type GatewayServer = InferMessage<typeof server>;

/** @see https://istio.io/latest/docs/reference/config/networking/gateway/#Gateway */
export const gateway = message(`${networking}.Gateway`, {
  servers: list(server),
  /** Labels of the pods that listen. */
  selector: map(string),
});
export type Gateway = InferMessage<typeof gateway>;

export const gatewayKind: ConfigKind<Gateway> = {
  group: 'networking.istio.io',
  kind: 'Gateway',
  schema: gateway,
  checkMeta: checkName,
  checkSpec: checkGateway,
};

/** Istiod marks Gateways that it made from Gateway API, and expects less of them. */
function isOfGatewayApi({ annotations }: ObjectMeta): boolean {
  return annotations['internal.istio.io/gateway-semantics'] === 'gateway';
}

function* checkName(meta: ObjectMeta): Findings {
  if (isDnsLabel(meta.name) || isOfGatewayApi(meta)) return;
  yield error('gateway-name', 'metadata.name', `invalid gateway name: ${quoted(meta.name)}`);
}

function* checkGateway({ servers = [] }: Gateway, meta: ObjectMeta): Findings {
  if (servers.length === 0) yield error('gateway-empty', 'servers', 'gateway must have at least one server');
  yield* each('servers', servers, (one) => checkServer(one, meta));
  const names = new Set<string>();
  yield* each('servers', servers, (one) => checkAmongServers(one, names));
}

function* checkServer(given: GatewayServer, meta: ObjectMeta): Findings {
  const { hosts = [], port, bind = '', tls } = given;
  if (hosts.length === 0) yield error('hosts-missing', 'hosts', 'server config must contain at least one host');
  const place = isOfGatewayApi(meta) ? 'gateway of Gateway API' : 'gateway';
  for (const [index, host] of hosts.entries()) yield* checkNamespaceHost(`hosts[${index}]`, host, place);
  const ofPort = [...checkGatewayPort(port, bind)];
  yield* ofPort;
  yield* checkGatewayBind(port, bind);
  if (tls) yield* at('tls', checkServerTls(tls));
  if (!hasErrors(ofPort)) yield* checkTlsOfProtocol(given);
}

function* checkTlsOfProtocol({ port, tls }: GatewayServer): Findings {
  const protocol = port?.protocol ?? '';
  if (isProtocolOf('tls', protocol)) {
    if (tls === undefined) yield error('tls-missing', 'tls', 'server must have TLS settings for HTTPS/TLS protocols');
    return;
  }
  if (tls === undefined) return;
  if (!isProtocolOf('http', protocol)) {
    yield error('tls-protocol', 'tls', 'server cannot have TLS settings for non HTTPS/TLS ports');
  } else if (!passesTlsThrough(tls) || tls.caCertificates || tls.privateKey || tls.serverCertificate) {
    yield error('tls-protocol', 'tls', 'server cannot have TLS settings for plain text HTTP ports');
  }
}

/** @param names of the ports of servers before this one; its own is added. */
function* checkAmongServers({ port, tls }: GatewayServer, names: Set<string>): Findings {
  if (port === undefined) return;
  const { name = '', protocol = '' } = port;
  if (names.has(name)) yield error('port-name-twice', 'port.name', `port names in servers must be unique: duplicate name ${name}`);
  names.add(name);
  if (tls?.httpsRedirect && !isProtocolOf('http', protocol)) {
    yield warning('https-redirect', 'tls.httpsRedirect', 'tls.httpsRedirect should only be used with http servers');
  }
}
