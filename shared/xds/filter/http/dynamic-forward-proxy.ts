import type { DnsCacheConfig } from '../../../gen/envoy/extensions/common/dynamic_forward_proxy/v3/dns_cache_pb.js';
import { FilterConfigSchema } from '../../../gen/envoy/extensions/filters/http/dynamic_forward_proxy/v3/dynamic_forward_proxy_pb.js';
import type { HttpFilter } from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { httpFilter } from './http-filter.ts';

/** Looks up the host of each request, for `DYNAMIC_DNS` wildcards. */
export function dynamicForwardProxy(dnsCacheConfig: DnsCacheConfig): HttpFilter {
  return httpFilter('envoy.filters.http.dynamic_forward_proxy', FilterConfigSchema, {
    implementationSpecifier: { case: 'dnsCacheConfig', value: dnsCacheConfig },
  });
}
