import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { ConnectionPool } from '../../config/networking/destination-rule-connection-pool.ts';
import type { HttpProtocolOptionsSchema as ConnectionOptionsSchema } from '../../gen/envoy/config/core/v3/protocol_pb.js';
import { HttpProtocolOptionsSchema } from '../../gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js';
import { pack } from '../../lib/protobuf.ts';
import { isHttp, isHttp2, type PortProtocol } from '../../model/index.ts';
import { durationOf } from '../duration.ts';
import type { Init } from '../route/init.ts';

type Options = Init<typeof HttpProtocolOptionsSchema>;

/** HTTP version towards the endpoint: always 2, whatever the caller speaks, or 1.1 unless other settings need options. */
export type UpstreamProtocol = 'http2' | 'as-caller' | 'http1';

/** Name under which clusters carry their HTTP options. */
export const httpOptionsName = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

type UpgradePolicy = 'DEFAULT' | 'DO_NOT_UPGRADE' | 'UPGRADE';

/**
 * @param meshPolicy the mesh's own upgrade policy, for HTTP ports where the rule says nothing.
 */
export function upstreamProtocol(
  protocol: PortProtocol,
  pool: ConnectionPool = {},
  meshPolicy: UpgradePolicy = 'DEFAULT',
): UpstreamProtocol {
  if (isHttp2(protocol)) return 'http2';
  const { h2UpgradePolicy = 'DEFAULT', useClientProtocol = false } = pool.http ?? {};
  if (useClientProtocol) return 'as-caller';
  const isUpgraded = h2UpgradePolicy === 'DEFAULT' ? meshPolicy === 'UPGRADE' && isHttp(protocol) : h2UpgradePolicy === 'UPGRADE';
  if (isUpgraded) return 'http2';
  return protocol === 'Auto' ? 'as-caller' : 'http1';
}

/** What decides about the HTTP options of a cluster. */
export interface HttpChoice {
  readonly protocol: UpstreamProtocol;
  readonly pool?: ConnectionPool;
  /** How TLS takes its server name from the request. */
  readonly upstream?: Options['upstreamHttpProtocolOptions'];
}

/** The options as clusters carry them; none where Envoy's own are right. */
export function httpOptions({ protocol, pool = {}, upstream }: HttpChoice): { readonly [name: string]: Any } | undefined {
  const connection = connectionOptions(pool);
  if (protocol === 'http1' && connection === undefined && upstream === undefined) return undefined;
  return packHttpOptions({
    ...(connection && { commonHttpProtocolOptions: connection }),
    ...(upstream && { upstreamHttpProtocolOptions: upstream }),
    upstreamProtocolOptions: protocolOptions(protocol, pool),
  });
}

export function packHttpOptions(options: Options): { readonly [name: string]: Any } {
  return { [httpOptionsName]: pack(HttpProtocolOptionsSchema, create(HttpProtocolOptionsSchema, options)) };
}

function protocolOptions(protocol: UpstreamProtocol, { http = {} }: ConnectionPool): NonNullable<Options['upstreamProtocolOptions']> {
  const { maxConcurrentStreams = 0 } = http;
  switch (protocol) {
    case 'as-caller':
      return { case: 'useDownstreamProtocolConfig', value: { httpProtocolOptions: {}, http2ProtocolOptions: {} } };
    case 'http2': {
      const value = maxConcurrentStreams > 0 ? { maxConcurrentStreams } : {};
      return { case: 'explicitHttpConfig', value: { protocolConfig: { case: 'http2ProtocolOptions', value } } };
    }
    case 'http1':
      return { case: 'explicitHttpConfig', value: { protocolConfig: { case: 'httpProtocolOptions', value: {} } } };
  }
}

function connectionOptions({ tcp = {}, http = {} }: ConnectionPool): Init<typeof ConnectionOptionsSchema> | undefined {
  const idleTimeout = durationOf(http.idleTimeout ?? '');
  const maxConnectionDuration = durationOf(tcp.maxConnectionDuration ?? '');
  const { maxRequestsPerConnection = 0 } = http;
  if (idleTimeout === undefined && maxConnectionDuration === undefined && maxRequestsPerConnection <= 0) return undefined;
  return {
    ...(idleTimeout && { idleTimeout }),
    ...(maxConnectionDuration && { maxConnectionDuration }),
    ...(maxRequestsPerConnection > 0 && { maxRequestsPerConnection }),
  };
}
