import type { JsonObject } from '../../shared/lib/json.ts';

export interface BootstrapOptions {
  /** `router` is a gateway. @default sidecar */
  readonly type?: 'sidecar' | 'router';
  readonly protocol: 'sotw' | 'delta';
  readonly pod: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `NONE`: Envoy listens on the ports of the mesh's services on loopback, and nothing has to be redirected to it. */
  readonly interception: 'REDIRECT' | 'NONE';
  /** Address and port of the gateway. */
  readonly xds: { readonly address: string; readonly port: number };
  /** Path of the Unix socket of the certificate source. */
  readonly sdsPath: string;
  /** Of Envoy's admin interface on loopback; 0 takes any free one. */
  readonly adminPort: number;
}

const domain = 'cluster.local';

/**
 * What Envoy starts from, in the form of Istio's agent: static clusters `xds-grpc` and `sds-grpc`, everything else over ADS.
 * https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/bootstrap/v3/bootstrap.proto
 */
export function bootstrap(options: BootstrapOptions): JsonObject {
  const { protocol, xds, sdsPath, adminPort } = options;
  return {
    node: nodeOf(options),
    admin: { address: socketAddress('127.0.0.1', adminPort) },
    dynamic_resources: {
      lds_config: overAds,
      cds_config: overAds,
      ads_config: {
        api_type: protocol === 'delta' ? 'DELTA_GRPC' : 'GRPC',
        transport_api_version: 'V3',
        set_node_on_first_message_only: true,
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds-grpc' } }],
      },
    },
    static_resources: {
      clusters: [grpcCluster('xds-grpc', socketAddress(xds.address, xds.port)), grpcCluster('sds-grpc', { pipe: { path: sdsPath } })],
    },
  };
}

const overAds = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };

/** Envoy adds the list of its extensions by itself, from which the control plane sees that it is no istio-proxy. */
function nodeOf({ type = 'sidecar', pod, namespace, serviceAccount, ip, labels, interception }: BootstrapOptions): JsonObject {
  return {
    id: `${type}~${ip}~${pod}.${namespace}~${namespace}.svc.${domain}`,
    cluster: `${labels['app'] ?? pod}.${namespace}`,
    metadata: {
      NAME: pod,
      NAMESPACE: namespace,
      SERVICE_ACCOUNT: serviceAccount,
      CLUSTER_ID: 'Kubernetes',
      MESH_ID: domain,
      INSTANCE_IPS: ip,
      INTERCEPTION_MODE: interception,
      LABELS: labels,
    },
  };
}

function grpcCluster(name: string, address: JsonObject): JsonObject {
  const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    typed_extension_protocol_options: {
      [options]: { '@type': `type.googleapis.com/${options}`, explicit_http_config: { http2_protocol_options: {} } },
    },
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}

function socketAddress(address: string, port: number): JsonObject {
  return { socket_address: { address, port_value: port } };
}
