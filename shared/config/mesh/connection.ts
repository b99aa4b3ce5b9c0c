/** Messages of Istio's networking API that the mesh configuration embeds. Fields in the order of the .proto file. */

import {
  bool,
  boolValue,
  duration,
  enumeration,
  int32,
  list,
  map,
  message,
  oneof,
  protoNamed,
  string,
  uint32,
  uint32Value,
} from '../../lib/message.ts';

const networking = 'istio.networking.v1alpha3';

export const tcpKeepalive = message(`${networking}.ConnectionPoolSettings.TCPSettings.TcpKeepalive`, {
  probes: uint32,
  time: duration,
  interval: duration,
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings */
export const clientTlsSettings = message(`${networking}.ClientTLSSettings`, {
  mode: enumeration(`${networking}.ClientTLSSettings.TLSmode`, ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']),
  clientCertificate: string,
  privateKey: string,
  caCertificates: string,
  credentialName: string,
  subjectAltNames: list(string),
  sni: string,
  insecureSkipVerify: boolValue,
  caCrl: string,
});

/** @see https://istio.io/latest/docs/reference/config/networking/workload-group/#ReadinessProbe */
export const readinessProbe = message(`${networking}.ReadinessProbe`, {
  initialDelaySeconds: int32,
  timeoutSeconds: int32,
  periodSeconds: int32,
  successThreshold: int32,
  failureThreshold: int32,
  ...oneof('HealthCheckMethod', {
    httpGet: message(`${networking}.HTTPHealthCheckConfig`, {
      path: string,
      port: uint32,
      host: string,
      scheme: string,
      httpHeaders: list(message(`${networking}.HTTPHeader`, { name: string, value: string })),
    }),
    tcpSocket: message(`${networking}.TCPHealthCheckConfig`, { host: string, port: uint32 }),
    exec: message(`${networking}.ExecHealthCheckConfig`, { command: list(string) }),
    grpc: message(`${networking}.GrpcHealthCheckConfig`, { port: uint32, service: string }),
  }),
});

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry */
export const httpRetry = message(`${networking}.HTTPRetry`, {
  attempts: int32,
  perTryTimeout: duration,
  retryOn: string,
  retryRemoteLocalities: boolValue,
  retryIgnorePreviousHosts: boolValue,
  backoff: duration,
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting */
export const localityLbSetting = message(`${networking}.LocalityLoadBalancerSetting`, {
  distribute: list(message(`${networking}.LocalityLoadBalancerSetting.Distribute`, { from: string, to: map(uint32) })),
  failover: list(message(`${networking}.LocalityLoadBalancerSetting.Failover`, { from: string, to: string })),
  failoverPriority: list(string),
  enabled: boolValue,
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ZoneAwareLoadBalancerSetting */
export const zoneAwareLbSetting = message(`${networking}.ZoneAwareLoadBalancerSetting`, {
  failover: list(message(`${networking}.ZoneAwareLoadBalancerSetting.Failover`, { from: string, to: string })),
  failoverPriority: list(string),
  enabled: boolValue,
  minClusterSize: uint32,
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings */
export const connectionPool = message(`${networking}.ConnectionPoolSettings`, {
  tcp: message(`${networking}.ConnectionPoolSettings.TCPSettings`, {
    maxConnections: int32,
    connectTimeout: duration,
    tcpKeepalive,
    maxConnectionDuration: duration,
    idleTimeout: duration,
  }),
  http: message(`${networking}.ConnectionPoolSettings.HTTPSettings`, {
    http1MaxPendingRequests: int32,
    http2MaxRequests: int32,
    maxRequestsPerConnection: int32,
    maxRetries: int32,
    idleTimeout: duration,
    h2UpgradePolicy: enumeration(`${networking}.ConnectionPoolSettings.HTTPSettings.H2UpgradePolicy`, [
      'DEFAULT',
      'DO_NOT_UPGRADE',
      'UPGRADE',
    ]),
    useClientProtocol: bool,
    maxConcurrentStreams: int32,
  }),
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection */
export const outlierDetection = message(`${networking}.OutlierDetection`, {
  consecutiveErrors: int32,
  splitExternalLocalOriginErrors: bool,
  consecutiveLocalOriginFailures: uint32Value,
  consecutiveGatewayErrors: uint32Value,
  consecutive5xxErrors: protoNamed(uint32Value, 'consecutive_5xx_errors'),
  interval: duration,
  baseEjectionTime: duration,
  maxEjectionPercent: int32,
  minHealthPercent: int32,
});

/** Kubernetes' own message: its proto names are its JSON names. */
export const labelSelector = message('k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector', {
  matchLabels: protoNamed(map(string), 'matchLabels'),
  matchExpressions: protoNamed(
    list(message('k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement', { key: string, operator: string, values: list(string) })),
    'matchExpressions',
  ),
});
