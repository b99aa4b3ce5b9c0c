/** Settings of one proxy, `istio.mesh.v1alpha1.ProxyConfig`, and how its layers come together. Fields in the order of the .proto file. */

import {
  bool,
  boolValue,
  duration,
  enumeration,
  type InferMessage,
  int32,
  int32Value,
  list,
  map,
  message,
  oneof,
  string,
  uint32,
  uint32Value,
} from '../../lib/message.ts';
import { applyMessage, decodeMessage, mergeMessage } from '../../lib/proto-json.ts';
import { ok, type Result } from '../../lib/result.ts';
import { clientTlsSettings, readinessProbe, tcpKeepalive } from './connection.ts';
import { tracing } from './tracing.ts';

const name = 'istio.mesh.v1alpha1.ProxyConfig';

const remoteService = message('istio.mesh.v1alpha1.RemoteService', { address: string, tlsSettings: clientTlsSettings, tcpKeepalive });

const forwardClientCertDetails = enumeration('istio.mesh.v1alpha1.ForwardClientCertDetails', [
  'UNDEFINED',
  'SANITIZE',
  'FORWARD_ONLY',
  'APPEND_FORWARD',
  'SANITIZE_SET',
  'ALWAYS_FORWARD_ONLY',
]);

const topology = message('istio.mesh.v1alpha1.Topology', {
  numTrustedProxies: uint32,
  forwardClientCertDetails,
  proxyProtocol: message('istio.mesh.v1alpha1.Topology.ProxyProtocolConfiguration', {}),
});

const pollingProvider = { pollDelay: duration, fallback: boolValue } as const;

const privateKeyProvider = message('istio.mesh.v1alpha1.PrivateKeyProvider', {
  ...oneof('Provider', {
    cryptomb: message('istio.mesh.v1alpha1.PrivateKeyProvider.CryptoMb', pollingProvider),
    qat: message('istio.mesh.v1alpha1.PrivateKeyProvider.QAT', pollingProvider),
  }),
});

const proxyHeaders = message(`${name}.ProxyHeaders`, {
  forwardedClientCert: forwardClientCertDetails,
  setCurrentClientCertDetails: message(`${name}.ProxyHeaders.SetCurrentClientCertDetails`, {
    subject: boolValue,
    cert: boolValue,
    chain: boolValue,
    dns: boolValue,
    uri: boolValue,
  }),
  requestId: message(`${name}.ProxyHeaders.RequestId`, { disabled: boolValue }),
  server: message(`${name}.ProxyHeaders.Server`, { disabled: boolValue, value: string }),
  attemptCount: message(`${name}.ProxyHeaders.AttemptCount`, { disabled: boolValue }),
  envoyDebugHeaders: message(`${name}.ProxyHeaders.EnvoyDebugHeaders`, { disabled: boolValue }),
  metadataExchangeHeaders: message(`${name}.ProxyHeaders.MetadataExchangeHeaders`, {
    mode: enumeration(`${name}.ProxyHeaders.MetadataExchangeMode`, ['UNDEFINED', 'IN_MESH']),
  }),
  preserveHttp1HeaderCase: boolValue,
  xForwardedHost: message(`${name}.ProxyHeaders.XForwardedHost`, { enabled: boolValue }),
  xForwardedPort: message(`${name}.ProxyHeaders.XForwardedPort`, { enabled: boolValue }),
});

/** @see https://istio.io/latest/docs/ops/configuration/traffic-management/edge-proxy/ */
const connectionSettings = message(`${name}.ConnectionSettings`, {
  profile: enumeration(`${name}.ConnectionSettings.Profile`, ['SIDECAR', 'EDGE']),
  listenerPerConnectionBufferLimitBytes: int32Value,
  clusterPerConnectionBufferLimitBytes: int32Value,
  httpIdleTimeout: duration,
  httpRequestTimeout: duration,
  httpStreamIdleTimeout: duration,
  httpMaxConcurrentStreams: int32Value,
  http2InitialStreamWindowSize: int32Value,
  http2InitialConnectionWindowSize: int32Value,
  httpRequestHeadersTimeout: duration,
  httpHeadersWithUnderscoresAction: enumeration(`${name}.ConnectionSettings.HeadersWithUnderscoresAction`, [
    'UNSPECIFIED',
    'ALLOW',
    'REJECT_REQUEST',
    'DROP_HEADER',
  ]),
  httpMergeSlashes: boolValue,
  httpPathWithEscapedSlashesAction: enumeration(`${name}.ConnectionSettings.PathWithEscapedSlashesAction`, [
    'IMPLEMENTATION_SPECIFIC_DEFAULT',
    'KEEP_UNCHANGED',
    'REJECT_REQUEST',
    'UNESCAPE_AND_REDIRECT',
    'UNESCAPE_AND_FORWARD',
  ]),
  globalDownstreamConnectionLimit: int32Value,
});

/** @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig */
export const proxyConfig = message(name, {
  configPath: string,
  binaryPath: string,
  ...oneof('ClusterName', {
    serviceCluster: string,
    tracingServiceName: enumeration(`${name}.TracingServiceName`, [
      'APP_LABEL_AND_NAMESPACE',
      'CANONICAL_NAME_ONLY',
      'CANONICAL_NAME_AND_NAMESPACE',
    ]),
  }),
  drainDuration: duration,
  parentShutdownDuration: duration,
  discoveryAddress: string,
  discoveryRefreshDelay: duration,
  zipkinAddress: string,
  statsdUdpAddress: string,
  envoyMetricsServiceAddress: string,
  proxyAdminPort: int32,
  availabilityZone: string,
  controlPlaneAuthPolicy: enumeration('istio.mesh.v1alpha1.AuthenticationPolicy', { NONE: 0, MUTUAL_TLS: 1, INHERIT: 1000 }),
  customConfigFile: string,
  statNameLength: int32,
  concurrency: int32Value,
  proxyBootstrapTemplatePath: string,
  interceptionMode: enumeration(`${name}.InboundInterceptionMode`, ['REDIRECT', 'TPROXY', 'NONE']),
  tracing,
  sds: message('istio.mesh.v1alpha1.SDS', { enabled: bool, k8sSaJwtPath: string }),
  envoyAccessLogService: remoteService,
  envoyMetricsService: remoteService,
  proxyMetadata: map(string),
  runtimeValues: map(string),
  statusPort: int32,
  extraStatTags: list(string),
  gatewayTopology: topology,
  terminationDrainDuration: duration,
  meshId: string,
  readinessProbe,
  proxyStatsMatcher: message(`${name}.ProxyStatsMatcher`, {
    inclusionPrefixes: list(string),
    inclusionSuffixes: list(string),
    inclusionRegexps: list(string),
  }),
  holdApplicationUntilProxyStarts: boolValue,
  caCertificatesPem: list(string),
  image: message('istio.networking.v1beta1.ProxyImage', { imageType: string }),
  privateKeyProvider,
  proxyHeaders,
  fileFlushInterval: duration,
  fileFlushMinSizeKb: uint32Value,
  statsCompression: boolValue,
  connectionSettings,
});
export type ProxyConfig = InferMessage<typeof proxyConfig>;

/** What a proxy gets without any setting. */
export const defaultProxyConfig: ProxyConfig = {
  configPath: './etc/istio/proxy',
  binaryPath: '/usr/local/bin/envoy',
  serviceCluster: 'istio-proxy',
  drainDuration: '45s',
  discoveryAddress: 'istiod.istio-system.svc:15012',
  proxyAdminPort: 15000,
  controlPlaneAuthPolicy: 'MUTUAL_TLS',
  statNameLength: 189,
  statusPort: 15020,
  terminationDrainDuration: '5s',
};

/** Reads a parsed document (an annotation's, or a part of MeshConfig); null is an empty one. Unknown fields are ignored. */
export function decodeProxyConfig(value: unknown): Result<ProxyConfig> {
  return value === null || value === undefined ? ok({}) : decodeMessage(value, proxyConfig, { unknownFields: 'ignore' });
}

/**
 * Lays a higher layer over a lower one. Its zero values cannot override (`statusPort: 0`); wrappers can (`concurrency: 0`). A nested message
 * replaces the lower one as a whole, except that proxyMetadata is merged by key and proxyHeaders by field.
 */
export function layerProxyConfig(base: ProxyConfig, layer: ProxyConfig): ProxyConfig {
  return joined(mergeMessage(base, layer, proxyConfig), base, layer);
}

/** Like {@link layerProxyConfig}, but zero values that the layer spells out override too: mesh-wide defaults, and what validation looks at. */
export function applyProxyConfig(base: ProxyConfig, layer: ProxyConfig): ProxyConfig {
  return joined(applyMessage(base, layer, proxyConfig), base, layer);
}

function joined(merged: ProxyConfig, base: ProxyConfig, layer: ProxyConfig): ProxyConfig {
  const { proxyMetadata, proxyHeaders: headers } = layer;
  return {
    ...merged,
    ...(proxyMetadata && base.proxyMetadata && { proxyMetadata: { ...base.proxyMetadata, ...proxyMetadata } }),
    ...(headers && base.proxyHeaders && { proxyHeaders: mergeMessage(base.proxyHeaders, headers, proxyHeaders) }),
  };
}
