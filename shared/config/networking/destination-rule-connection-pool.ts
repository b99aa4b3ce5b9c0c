import { bool, duration, enumeration, type InferMessage, int32, message } from '../../lib/message.ts';
import { tcpKeepalive } from '../mesh/connection.ts';

const name = 'istio.networking.v1alpha3.ConnectionPoolSettings';

const tcpPool = message(`${name}.TCPSettings`, {
  maxConnections: int32,
  connectTimeout: duration,
  tcpKeepalive,
  maxConnectionDuration: duration,
  idleTimeout: duration,
});

const httpPool = message(`${name}.HTTPSettings`, {
  http1MaxPendingRequests: int32,
  http2MaxRequests: int32,
  maxRequestsPerConnection: int32,
  maxRetries: int32,
  idleTimeout: duration,
  h2UpgradePolicy: enumeration(`${name}.HTTPSettings.H2UpgradePolicy`, ['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']),
  useClientProtocol: bool,
  maxConcurrentStreams: int32,
  http2KeepAlive: message(`${name}.HTTPSettings.HTTP2KeepAlive`, { interval: duration, timeout: duration }),
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings */
export const connectionPool = message(name, { tcp: tcpPool, http: httpPool });
export type ConnectionPool = InferMessage<typeof connectionPool>;
