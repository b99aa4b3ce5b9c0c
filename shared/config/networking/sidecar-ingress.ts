/** Rules of a Sidecar's ingress listeners: how the workload takes connections. */

import { at, each, error, errorIf, type Findings, warning } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { ipAddressProblem } from '../../lib/ip-address.ts';
import { portNameProblem, portProblem } from '../../lib/port.ts';
import { isUnixAddress, unixAddressProblem } from '../../lib/unix-address.ts';
import { splitHostPort } from '../mesh/host-port.ts';
import { checkConnectionPool } from './destination-rule-connection-pool.ts';
import { checkServerTls, type ServerTls } from './gateway-tls.ts';
import { isProtocolOf, protocolProblem } from './protocol.ts';
import type { SidecarIngressListener, SidecarPort } from './sidecar.ts';

export function* checkIngress(listeners: readonly SidecarIngressListener[] | undefined): Findings {
  const numbers = new Set<number>();
  yield* each('ingress', listeners, (listener) => checkListener(listener, numbers));
}

/** @param numbers of the ports of listeners before this one; its own is added. */
function* checkListener(listener: SidecarIngressListener, numbers: Set<number>): Findings {
  const { port, bind = '', defaultEndpoint = '', tls, connectionPool } = listener;
  if (port === undefined) {
    yield error('port-missing', 'port', 'sidecar: port is required for ingress listeners');
    return;
  }
  yield* checkPortAndBind(port, bind);
  const number = port.number ?? 0;
  if (numbers.has(number)) yield error('port-twice', 'port.number', 'sidecar: ports on IP bound listeners must be unique');
  numbers.add(number);
  if (defaultEndpoint !== '') yield* checkDefaultEndpoint(defaultEndpoint);
  if (tls) yield* at('tls', checkTls(tls, port));
  if (!connectionPool) return;
  yield* at('connectionPool', checkConnectionPool(connectionPool));
  if (connectionPool.http) yield* warnOfHttpPool(port);
}

/** Rules that all listeners with an address and a port number share. */
export function* checkPortAndBind(port: SidecarPort, bind: string): Findings {
  const { number = 0, protocol = '', name = '', targetPort = 0 } = port;
  if (targetPort > 0) yield error('target-port', 'port.targetPort', 'targetPort has no impact on Sidecars');
  if (name !== '') yield* errorIf('port-name', 'port.name', portNameProblem(name));
  yield* errorIf('protocol', 'port.protocol', protocolProblem(protocol));
  yield* errorIf('port', 'port.number', portProblem(number));
  if (bind !== '') yield* errorIf('bind', 'bind', ipAddressProblem(bind));
}

const ownHosts = ['', '127.0.0.1', '0.0.0.0', '::1', '::'];

function* checkDefaultEndpoint(endpoint: string): Findings {
  const path = 'defaultEndpoint';
  if (isUnixAddress(endpoint)) {
    yield* errorIf('default-endpoint', path, unixAddressProblem(endpoint));
    return;
  }
  const split = splitHostPort(endpoint);
  if (typeof split === 'string') yield error('default-endpoint', path, `address ${endpoint}: ${split}`);
  const { host, port } = typeof split === 'string' ? { host: '', port: '' } : split;
  if (!ownHosts.includes(host)) {
    const forms = '127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset';
    yield error('default-endpoint', path, `sidecar: defaultEndpoint must be of form ${forms}`);
  }
  yield* errorIf('default-endpoint', path, portTextProblem(port));
}

const wholeNumber = /^[+-]?[0-9]+$/;

function portTextProblem(port: string): string | undefined {
  if (wholeNumber.test(port)) return portProblem(Number(port));
  return `sidecar: defaultEndpoint port (${port}) is not a number: strconv.Atoi: parsing ${quoted(port)}: invalid syntax`;
}

function* checkTls(tls: ServerTls, { protocol = '' }: SidecarPort): Findings {
  if ((tls.subjectAltNames ?? []).length > 0) {
    yield error('tls-unsupported', 'subjectAltNames', 'sidecar: subjectAltNames is not supported in ingress tls');
  }
  if (tls.httpsRedirect) yield error('tls-unsupported', 'httpsRedirect', 'sidecar: httpsRedirect is not supported');
  if (tls.credentialName) yield error('tls-unsupported', 'credentialName', 'sidecar: credentialName is not currently supported');
  if ((tls.credentialNames ?? []).length > 0) {
    yield error('tls-unsupported', 'credentialNames', 'sidecar: credentialNames is not currently supported');
  }
  if ((tls.tlsCertificates ?? []).length > 0) {
    yield error('tls-unsupported', 'tlsCertificates', 'sidecar: tls_certificates is not currently supported');
  }
  if (tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'AUTO_PASSTHROUGH') {
    yield error('tls-mode', 'mode', `configuration is invalid: cannot set mode to ${tls.mode} in sidecar ingress tls`);
  }
  if (!isProtocolOf('tls', protocol)) yield error('tls-protocol', '', 'server cannot have TLS settings for non HTTPS/TLS ports');
  yield* checkServerTls(tls);
}

function* warnOfHttpPool({ number = 0, name = '', protocol = '' }: SidecarPort): Findings {
  if (isProtocolOf('http', protocol)) return;
  const what = `sidecar: HTTP connection pool settings are configured for port ${number} (${quoted(name)})`;
  yield warning('pool-protocol', 'connectionPool.http', `${what} but its protocol is not HTTP (${protocol}); only TCP settings will apply`);
}
