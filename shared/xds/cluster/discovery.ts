/** How a cluster finds its endpoints. */

import { create } from '@bufbuild/protobuf';
import { Cluster_DiscoveryType, Cluster_DnsLookupFamily, Cluster_LbPolicy } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { ApiVersion } from '../../gen/envoy/config/core/v3/config_source_pb.js';
import type { ClusterLoadAssignment } from '../../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import { ClusterConfigSchema } from '../../gen/envoy/extensions/clusters/dynamic_forward_proxy/v3/cluster_pb.js';
import { CaresDnsResolverConfigSchema } from '../../gen/envoy/extensions/network/dns_resolver/cares/v3/cares_dns_resolver_pb.js';
import { pack } from '../../lib/protobuf.ts';
import type { ProxyView, Service } from '../../model/index.ts';
import { durationOf, seconds } from '../duration.ts';
import { dnsCache } from '../filter/dns-cache.ts';
import type { EffectivePolicy } from '../traffic-policy.ts';
import type { ClusterInit } from './base.ts';

/** `none` is for services that need no cluster: aliases, and names that nobody can look up. */
export type Discovery = 'eds' | 'dns' | 'original-destination' | 'dynamic-dns' | 'none';

/** What decides how a cluster finds its endpoints, besides its service. */
export interface DiscoveryChoice {
  readonly policy: EffectivePolicy;
  /** Nobody intercepts a gateway's connections, so there is no address that its caller wanted: it takes the registry's. */
  readonly type: ProxyView['type'];
}

export function discoveryOf({ resolution }: Service, { policy, type }: DiscoveryChoice): Discovery {
  const isPassthrough = policy.loadBalancer?.simple === 'PASSTHROUGH';
  switch (resolution) {
    case 'alias':
      return 'none';
    case 'dynamic-dns':
      return 'dynamic-dns';
    case 'passthrough':
      return type === 'router' ? 'eds' : 'original-destination';
    case 'endpoints':
      return isPassthrough ? 'original-destination' : 'eds';
    case 'dns':
    case 'dns-round-robin':
      return isPassthrough ? 'original-destination' : 'dns';
  }
}

/** Endpoints come over the stream that the cluster came over; Envoy waits for them. */
export function edsDiscovery(name: string): ClusterInit {
  return {
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: {
      serviceName: name,
      edsConfig: {
        configSourceSpecifier: { case: 'ads', value: {} },
        initialFetchTimeout: seconds(0),
        resourceApiVersion: ApiVersion.V3,
      },
    },
  };
}

/** Endpoints are where the caller wanted to go, at another port if the registry names one. */
export function originalDestination(upstreamPortOverride?: number): ClusterInit {
  return {
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.ORIGINAL_DST },
    ...(upstreamPortOverride !== undefined && { lbConfig: { case: 'originalDstLbConfig', value: { upstreamPortOverride } } }),
    lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
  };
}

/** What decides about a cluster that looks names up. */
export interface DnsChoice {
  readonly resolution: 'dns' | 'dns-round-robin';
  readonly ipFamilies: ProxyView['ipFamilies'];
  /** Duration text. */
  readonly refreshRate: string;
  readonly loadAssignment: ClusterLoadAssignment;
}

const { ALL, V4_ONLY, V6_ONLY } = Cluster_DnsLookupFamily;
const lookupFamilies = { v4: V4_ONLY, v6: V6_ONLY, dual: ALL };

/** Envoy asks DNS, for all addresses of the names or only for the first one. */
export function dnsDiscovery({ resolution, ipFamilies, refreshRate, loadAssignment }: DnsChoice): ClusterInit {
  const type = resolution === 'dns' ? Cluster_DiscoveryType.STRICT_DNS : Cluster_DiscoveryType.LOGICAL_DNS;
  // With one query for each socket a lost answer costs one name; c-ares' own default takes all names of a proxy through one.
  const resolver = create(CaresDnsResolverConfigSchema, { udpMaxQueries: 100 });
  return {
    clusterDiscoveryType: { case: 'type', value: type },
    dnsLookupFamily: lookupFamilies[ipFamilies],
    dnsRefreshRate: durationOf(refreshRate) ?? seconds(60),
    dnsJitter: { nanos: 100_000_000 },
    respectDnsTtl: true,
    typedDnsResolverConfig: {
      name: 'envoy.network.dns_resolver.cares',
      typedConfig: pack(CaresDnsResolverConfigSchema, resolver),
    },
    loadAssignment,
  };
}

/** Each host that a wildcard covers is looked up when it is first asked for. */
export function dynamicDns(host: string, ipFamilies: ProxyView['ipFamilies']): ClusterInit {
  const config = create(ClusterConfigSchema, {
    clusterImplementationSpecifier: { case: 'dnsCacheConfig', value: dnsCache(host, ipFamilies) },
  });
  return {
    clusterDiscoveryType: {
      case: 'clusterType',
      value: { name: 'envoy.clusters.dynamic_forward_proxy', typedConfig: pack(ClusterConfigSchema, config) },
    },
    lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
  };
}
