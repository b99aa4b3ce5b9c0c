import type { HttpFilter } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { FilterConfig_Protocol, FilterConfigSchema } from '../../../gen/istio/alpn_pb.js';
import { httpFilter } from './http-filter.ts';

/** Tells the called sidecar by ALPN that a sidecar calls, and which HTTP it speaks inside of the mutual TLS. */
export function alpn(): HttpFilter {
  const { HTTP10, HTTP11, HTTP2 } = FilterConfig_Protocol;
  return httpFilter('istio.alpn', FilterConfigSchema, {
    alpnOverride: [
      { upstreamProtocol: HTTP10, alpnOverride: ['istio-http/1.0', 'istio', 'http/1.0'] },
      { upstreamProtocol: HTTP11, alpnOverride: ['istio-http/1.1', 'istio', 'http/1.1'] },
      { upstreamProtocol: HTTP2, alpnOverride: ['istio-h2', 'istio', 'h2'] },
    ],
  });
}
