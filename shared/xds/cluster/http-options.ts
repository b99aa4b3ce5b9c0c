import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { ConnectionPool } from '../../config/networking/destination-rule-connection-pool.ts';
import type {
  HttpProtocolOptionsSchema as ConnectionOptionsSchema,
  Http1ProtocolOptionsSchema,
  Http2ProtocolOptionsSchema,
} from '../../gen/envoy/config/core/v3/protocol_pb.js';
import { HttpProtocolOptionsSchema } from '../../gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js';
import { pack } from '../../lib/protobuf.ts';
import { isHttp, isHttp2, type PortProtocol } from '../../model/index.ts';
import { durationOf } from '../duration.ts';
import { preservedCase } from '../http-connection-manager.ts';
import type { Init } from '../init.ts';

type Http1Options = Init<typeof Http1ProtocolOptionsSchema>;
type Options = Init<typeof HttpProtocolOptionsSchema>;

/** HTTP version towards the endpoint: always 2, whatever the caller speaks, or 1.1 unless other settings need options. */
export type UpstreamProtocol = 'http2' | 'as-caller' | 'http1';

/** Name under which clusters carry their HTTP options. */
const httpOptionsName = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

type UpgradePolicy = 'DEFAULT' | 'DO_NOT_UPGRADE' | 'UPGRADE';

/** What decides about the protocol of a cluster besides that of its port. */
interface ProtocolChoice {
  readonly pool?: ConnectionPool;
  /** The mesh's own, for HTTP ports where the rule says nothing. */
  readonly meshPolicy?: UpgradePolicy;
  /** Whether the bytes that came in tell which protocol a port without one speaks. Gateways know theirs. */
  readonly sniffs: boolean;
}

export function upstreamProtocol(protocol: PortProtocol, { pool = {}, meshPolicy = 'DEFAULT', sniffs }: ProtocolChoice): UpstreamProtocol {
  const { h2UpgradePolicy = 'DEFAULT', useClientProtocol = false } = pool.http ?? {};
  if (useClientProtocol) return 'as-caller';
  if (isHttp2(protocol)) return 'http2';
  const isUpgraded = h2UpgradePolicy === 'DEFAULT' ? meshPolicy === 'UPGRADE' && isHttp(protocol) : h2UpgradePolicy === 'UPGRADE';
  if (isUpgraded) return 'http2';
  return protocol === 'Auto' && sniffs ? 'as-caller' : 'http1';
}

/** What decides about the HTTP options of a cluster. */
export interface HttpChoice {
  readonly protocol: UpstreamProtocol;
  readonly pool?: ConnectionPool;
  readonly preservesHeaderCase: boolean;
  /** How TLS takes its server name from the request. */
  readonly upstream?: Options['upstreamHttpProtocolOptions'];
}

/** The options as clusters carry them; none where Envoy's own are right. */
export function httpOptions({
  protocol,
  pool = {},
  preservesHeaderCase,
  upstream,
}: HttpChoice): { readonly [name: string]: Any } | undefined {
  const connection = connectionOptions(pool);
  if (protocol === 'http1' && connection === undefined && upstream === undefined && !preservesHeaderCase) return undefined;
  return packHttpOptions({
    ...(connection && { commonHttpProtocolOptions: connection }),
    ...(upstream && { upstreamHttpProtocolOptions: upstream }),
    upstreamProtocolOptions: protocolOptions(protocol, pool, http1Options(preservesHeaderCase)),
  });
}

export function packHttpOptions(options: Options): { readonly [name: string]: Any } {
  return { [httpOptionsName]: pack(HttpProtocolOptionsSchema, create(HttpProtocolOptionsSchema, options)) };
}

/** Options of connections that speak HTTP/1. */
export function http1Options(preservesHeaderCase: boolean): Http1Options {
  return preservesHeaderCase ? { headerKeyFormat: preservedCase() } : {};
}

function protocolOptions(
  protocol: UpstreamProtocol,
  { http = {} }: ConnectionPool,
  http1: Http1Options,
): NonNullable<Options['upstreamProtocolOptions']> {
  const { maxConcurrentStreams = 0 } = http;
  const http2 = http2Probes(http.http2KeepAlive);
  switch (protocol) {
    case 'as-caller':
      return { case: 'useDownstreamProtocolConfig', value: { httpProtocolOptions: http1, http2ProtocolOptions: http2 } };
    case 'http2': {
      const value = { ...http2, ...(maxConcurrentStreams > 0 && { maxConcurrentStreams }) };
      return { case: 'explicitHttpConfig', value: { protocolConfig: { case: 'http2ProtocolOptions', value } } };
    }
    case 'http1':
      return { case: 'explicitHttpConfig', value: { protocolConfig: { case: 'httpProtocolOptions', value: http1 } } };
  }
}

/** PING frames on idle connections. */
function http2Probes({ interval, timeout }: Probes = {}): Init<typeof Http2ProtocolOptionsSchema> {
  const connectionKeepalive = {
    ...(interval !== undefined && { interval: durationOf(interval) }),
    ...(timeout !== undefined && { timeout: durationOf(timeout) }),
  };
  return Object.keys(connectionKeepalive).length === 0 ? {} : { connectionKeepalive };
}

type Probes = NonNullable<NonNullable<ConnectionPool['http']>['http2KeepAlive']>;

/** Istio compatibility: a limit of streams brings the message with it, empty or not, also where HTTP/1.1 is spoken. */
function connectionOptions({ tcp = {}, http = {} }: ConnectionPool): Init<typeof ConnectionOptionsSchema> | undefined {
  const idleTimeout = durationOf(http.idleTimeout ?? '');
  const maxConnectionDuration = durationOf(tcp.maxConnectionDuration ?? '');
  const { maxRequestsPerConnection = 0, maxConcurrentStreams = 0 } = http;
  const isNeeded = idleTimeout ?? maxConnectionDuration ?? (maxRequestsPerConnection > 0 || maxConcurrentStreams > 0);
  if (isNeeded === false) return undefined;
  return {
    ...(idleTimeout && { idleTimeout }),
    ...(maxConnectionDuration && { maxConnectionDuration }),
    ...(maxRequestsPerConnection > 0 && { maxRequestsPerConnection }),
  };
}
