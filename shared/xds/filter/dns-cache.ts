import { create } from '@bufbuild/protobuf';
import { Cluster_DnsLookupFamily } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { type DnsCacheConfig, DnsCacheConfigSchema } from '../../gen/envoy/extensions/common/dynamic_forward_proxy/v3/dns_cache_pb.js';

/**
 * The cache of names that a `DYNAMIC_DNS` host covers. Envoy insists that all users of one cache (the cluster, HTTP and SNI filters) give it the
 * same settings.
 */
export function dnsCache(host: string, ipFamilies: 'v4' | 'v6' | 'dual'): DnsCacheConfig {
  return create(DnsCacheConfigSchema, { name: `${host}_dfp_dns_cache`, dnsLookupFamily: lookupFamilies[ipFamilies] });
}

const { ALL, V4_ONLY, V6_ONLY } = Cluster_DnsLookupFamily;
const lookupFamilies = { v4: V4_ONLY, v6: V6_ONLY, dual: ALL };
