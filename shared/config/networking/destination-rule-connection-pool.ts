import { parseDuration } from '../../lib/duration.ts';
import { at, error, type Findings } from '../../lib/finding.ts';
import { bool, duration, enumeration, type InferMessage, int32, message } from '../../lib/message.ts';
import { checkDuration } from '../duration-field.ts';
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

type TcpPool = NonNullable<ConnectionPool['tcp']>;
type HttpPool = NonNullable<ConnectionPool['http']>;

export function* checkConnectionPool({ http, tcp }: ConnectionPool): Findings {
  if (!http && !tcp) {
    yield error('pool-empty', '', 'connection pool must have at least one field');
    return;
  }
  if (http) yield* at('http', checkHttpPool(http));
  if (tcp) yield* at('tcp', checkTcpPool(tcp));
}

function* checkHttpPool(pool: HttpPool): Findings {
  yield* checkCount('http1MaxPendingRequests', 'http1 max pending requests', pool.http1MaxPendingRequests);
  yield* checkCount('http2MaxRequests', 'http2 max requests', pool.http2MaxRequests);
  yield* checkCount('maxRequestsPerConnection', 'max requests per connection', pool.maxRequestsPerConnection);
  yield* checkCount('maxRetries', 'max retries', pool.maxRetries);
  yield* checkDuration('idleTimeout', pool.idleTimeout);
  if (pool.h2UpgradePolicy === 'UPGRADE' && pool.useClientProtocol) {
    yield error('pool-upgrade', 'useClientProtocol', 'use client protocol must not be true when H2UpgradePolicy is UPGRADE');
  }
  yield* checkCount('maxConcurrentStreams', 'max concurrent streams', pool.maxConcurrentStreams);
  if (pool.http2KeepAlive) yield* at('http2KeepAlive', checkKeepAlive(pool.http2KeepAlive));
}

function* checkCount(field: string, what: string, count: number | undefined): Findings {
  if ((count ?? 0) < 0) yield error('pool-negative', field, `${what} must be non-negative`);
}

function* checkKeepAlive({ interval, timeout }: NonNullable<HttpPool['http2KeepAlive']>): Findings {
  if (interval === undefined) yield error('keepalive', 'interval', 'http2 keepalive interval is required');
  if (timeout === undefined) yield error('keepalive', 'timeout', 'http2 keepalive timeout is required');
  yield* checkDuration('interval', interval);
  yield* checkDuration('timeout', timeout);
}

function* checkTcpPool(pool: TcpPool): Findings {
  yield* checkCount('maxConnections', 'max connections', pool.maxConnections);
  yield* checkDuration('connectTimeout', pool.connectTimeout);
  yield* checkDuration('maxConnectionDuration', pool.maxConnectionDuration);
  // Zero switches the time-out off.
  if (wholeMilliseconds(pool.idleTimeout) !== 0n) yield* checkDuration('idleTimeout', pool.idleTimeout);
  yield* checkDuration('tcpKeepalive.time', pool.tcpKeepalive?.time);
  yield* checkDuration('tcpKeepalive.interval', pool.tcpKeepalive?.interval);
}

function wholeMilliseconds(duration: string | undefined): bigint {
  return (parseDuration(duration ?? '0s') ?? 0n) / 1_000_000n;
}
