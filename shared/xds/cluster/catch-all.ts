import { create } from '@bufbuild/protobuf';
import { type Cluster, Cluster_DiscoveryType, Cluster_LbPolicy, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import type { ClusterKey, InboundClusterKey, Scope } from '../../model/index.ts';
import { seconds } from '../duration.ts';
import { blackHoleCluster, inboundPassthroughCluster, passthroughCluster, statisticsName } from '../names.ts';
import { type ClusterInit, connectTimeout, metadataExchange } from './base.ts';
import { http1Options, packHttpOptions } from './http-options.ts';
import { inboundBindConfig } from './inbound-bind.ts';
import { circuitBreakers } from './limits.ts';

/** Where traffic goes that no service takes: nowhere, or to the address that it was sent to. Nothing is sent through a gateway by its address. */
export function outboundCatchAll(
  { config }: Pick<Scope, 'config'>,
  { type, preservesHeaderCase, hasIstioExtensions }: Pick<ClusterKey, 'type' | 'preservesHeaderCase' | 'hasIstioExtensions'>,
): readonly Cluster[] {
  const blackHole = create(ClusterSchema, {
    name: blackHoleCluster,
    altStatName: statisticsName(blackHoleCluster),
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.STATIC },
    connectTimeout: connectTimeout(config),
  });
  if (type === 'router') return [blackHole];
  const passthrough = create(ClusterSchema, {
    ...passthroughInit(config, preservesHeaderCase),
    name: passthroughCluster,
    ...(hasIstioExtensions && { filters: [metadataExchange()] }),
  });
  return [blackHole, passthrough];
}

/** Takes inbound connections to ports that no service has to the application. */
export function inboundCatchAll(
  { config }: Scope,
  { ipFamilies, preservesHeaderCase }: Pick<InboundClusterKey, 'ipFamilies' | 'preservesHeaderCase'>,
): Cluster {
  return create(ClusterSchema, {
    ...passthroughInit(config, preservesHeaderCase),
    name: inboundPassthroughCluster,
    upstreamBindConfig: inboundBindConfig(ipFamilies),
  });
}

/** Istio compatibility: the inbound one counts under the outbound one's name. */
function passthroughInit(config: Scope['config'], preservesHeaderCase: boolean): ClusterInit {
  return {
    altStatName: statisticsName(passthroughCluster),
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.ORIGINAL_DST },
    connectTimeout: connectTimeout(config),
    lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
    circuitBreakers: circuitBreakers(),
    typedExtensionProtocolOptions: packHttpOptions({
      commonHttpProtocolOptions: { idleTimeout: seconds(300) },
      upstreamProtocolOptions: {
        case: 'useDownstreamProtocolConfig',
        value: { httpProtocolOptions: http1Options(preservesHeaderCase), http2ProtocolOptions: {} },
      },
    }),
  };
}
