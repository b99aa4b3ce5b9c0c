/** Port and address of a Gateway's server. */

import { error, errorIf, type Findings } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { ipAddressProblem } from '../../lib/ip-address.ts';
import { type InferMessage, message, string, uint32 } from '../../lib/message.ts';
import { portProblem } from '../../lib/port.ts';
import { isUnixAddress, unixAddressProblem } from '../../lib/unix-address.ts';
import { isKnownProtocol } from './protocol.ts';

export const gatewayPort = message('istio.networking.v1alpha3.Port', {
  number: uint32,
  protocol: string,
  name: string,
  targetPort: uint32,
});
export type GatewayPort = InferMessage<typeof gatewayPort>;

/** @param bind address of the server; only a socket of the file system has no port number. */
export function* checkGatewayPort(port: GatewayPort | undefined, bind: string): Findings {
  if (port === undefined) {
    yield error('port-missing', 'port', 'port is required');
    return;
  }
  const { number = 0, protocol = '', name = '', targetPort = 0 } = port;
  if (!isKnownProtocol(protocol)) {
    const message = `invalid protocol ${quoted(protocol)}, supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP`;
    yield error('protocol', 'port.protocol', message);
  }
  if (number > 0 || !isUnixAddress(bind)) yield* errorIf('port', 'port.number', portProblem(number));
  if (targetPort > 0) yield error('target-port', 'port.targetPort', 'targetPort has no impact on Gateways');
  if (name === '') yield error('port-name', 'port.name', `port name must be set: ${portText(port)}`);
}

export function* checkGatewayBind(port: GatewayPort | undefined, bind: string): Findings {
  if (bind === '') return;
  if (!isUnixAddress(bind)) {
    yield* errorIf('bind', 'bind', ipAddressProblem(bind));
    return;
  }
  yield* errorIf('bind', 'bind', unixAddressProblem(bind));
  if (port?.number) yield error('bind-port', 'port.number', `port number must be 0 for unix domain socket: ${portText(port)}`);
}

/** As protobuf's text format shows it. */
function portText({ number, protocol, name, targetPort }: GatewayPort): string {
  const parts = [
    number && `number:${number}`,
    protocol && `protocol:${quoted(protocol)}`,
    name && `name:${quoted(name)}`,
    targetPort && `target_port:${targetPort}`,
  ];
  return parts.filter(Boolean).join(' ');
}
