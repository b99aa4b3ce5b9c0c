import type { Filter } from '../../../gen/envoy/config/listener/v3/listener_components_pb.js';
import type { DnsCacheConfig } from '../../../gen/envoy/extensions/common/dynamic_forward_proxy/v3/dns_cache_pb.js';
import { FilterConfigSchema } from '../../../gen/envoy/extensions/filters/network/sni_dynamic_forward_proxy/v3/sni_dynamic_forward_proxy_pb.js';
import { networkFilter } from './network-filter.ts';

/** Looks up the server name of a TLS connection, for `DYNAMIC_DNS` wildcards. */
export function sniDynamicForwardProxy(dnsCacheConfig: DnsCacheConfig, port: number): Filter {
  return networkFilter('envoy.extensions.filters.network.sni_dynamic_forward_proxy', FilterConfigSchema, {
    dnsCacheConfig,
    portSpecifier: { case: 'portValue', value: port },
  });
}
