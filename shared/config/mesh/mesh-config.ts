/** Settings of the whole mesh, `istio.mesh.v1alpha1.MeshConfig`. Fields in the order of the .proto file. */

import { compareText } from '../../lib/compare-text.ts';
import {
  bool,
  boolValue,
  duration,
  enumeration,
  type InferMessage,
  int32,
  list,
  message,
  oneof,
  protoNamed,
  string,
} from '../../lib/message.ts';
import type { Problem } from '../../lib/problem.ts';
import { applyMessage, decodeMessage } from '../../lib/proto-json.ts';
import {
  clientTlsSettings,
  connectionPool,
  httpRetry,
  labelSelector,
  localityLbSetting,
  outlierDetection,
  tcpKeepalive,
  zoneAwareLbSetting,
} from './connection.ts';
import { type ExtensionProvider, extensionProvider } from './extension-provider.ts';
import { applyProxyConfig, defaultProxyConfig, proxyConfig } from './proxy-config.ts';

const name = 'istio.mesh.v1alpha1.MeshConfig';

const configSource = message('istio.mesh.v1alpha1.ConfigSource', {
  address: string,
  tlsSettings: clientTlsSettings,
  subscribedResources: list(enumeration('istio.mesh.v1alpha1.Resource', ['SERVICE_REGISTRY'])),
});

const certificateData = message(`${name}.CertificateData`, {
  ...oneof('CertificateData', { pem: string, spiffeBundleUrl: string }),
  certSigners: list(string),
  trustDomains: list(string),
});

const serviceSettings = message(`${name}.ServiceSettings`, {
  settings: message(`${name}.ServiceSettings.Settings`, { clusterLocal: bool }),
  hosts: list(string),
});

const ca = message(`${name}.CA`, { address: string, tlsSettings: clientTlsSettings, requestTimeout: duration, istiodSide: bool });

const defaultProviders = message(`${name}.DefaultProviders`, {
  tracing: list(string),
  metrics: list(string),
  accessLogging: list(string),
});

const tlsConfig = message(`${name}.TLSConfig`, {
  minProtocolVersion: enumeration(`${name}.TLSConfig.TLSProtocol`, ['TLS_AUTO', 'TLSV1_2', 'TLSV1_3']),
  ecdhCurves: list(string),
  cipherSuites: list(string),
});

const pathNormalization = message(`${name}.ProxyPathNormalization`, {
  normalization: enumeration(`${name}.ProxyPathNormalization.NormalizationType`, [
    'DEFAULT',
    'NONE',
    'BASE',
    'MERGE_SLASHES',
    'DECODE_AND_MERGE_SLASHES',
  ]),
});

const serviceScopeConfig = message(`${name}.ServiceScopeConfigs`, {
  namespaceSelector: labelSelector,
  servicesSelector: labelSelector,
  scope: enumeration(`${name}.ServiceScopeConfigs.Scope`, ['LOCAL', 'GLOBAL']),
});

/** @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig */
export const meshConfig = message(name, {
  proxyListenPort: int32,
  proxyInboundListenPort: int32,
  proxyHttpPort: int32,
  connectTimeout: duration,
  protocolDetectionTimeout: duration,
  tcpKeepalive,
  ingressClass: string,
  ingressService: string,
  ingressControllerMode: enumeration(`${name}.IngressControllerMode`, ['UNSPECIFIED', 'OFF', 'DEFAULT', 'STRICT']),
  ingressSelector: string,
  enableTracing: bool,
  accessLogFile: string,
  accessLogFormat: string,
  accessLogEncoding: enumeration(`${name}.AccessLogEncoding`, ['TEXT', 'JSON']),
  enableEnvoyAccessLogService: bool,
  disableEnvoyListenerLog: bool,
  defaultConfig: proxyConfig,
  outboundTrafficPolicy: message(`${name}.OutboundTrafficPolicy`, {
    mode: enumeration(`${name}.OutboundTrafficPolicy.Mode`, { REGISTRY_ONLY: 0, ALLOW_ANY: 1, ALLOW_ANY_DYNAMIC_DNS: 3 }),
  }),
  inboundTrafficPolicy: message(`${name}.InboundTrafficPolicy`, {
    mode: enumeration(`${name}.InboundTrafficPolicy.Mode`, ['PASSTHROUGH', 'LOCALHOST']),
  }),
  configSources: list(configSource),
  enableAutoMtls: boolValue,
  trustDomain: string,
  trustDomainAliases: list(string),
  caCertificates: list(certificateData),
  defaultServiceExportTo: list(string),
  defaultVirtualServiceExportTo: list(string),
  defaultDestinationRuleExportTo: list(string),
  rootNamespace: string,
  localityLbSetting,
  dnsRefreshRate: duration,
  h2UpgradePolicy: enumeration(`${name}.H2UpgradePolicy`, ['DO_NOT_UPGRADE', 'UPGRADE']),
  inboundClusterStatName: string,
  outboundClusterStatName: string,
  certificates: list(message('istio.mesh.v1alpha1.Certificate', { secretName: string, dnsNames: list(string) })),
  serviceSettings: list(serviceSettings),
  enablePrometheusMerge: boolValue,
  verifyCertificateAtClient: boolValue,
  ca,
  extensionProviders: list(extensionProvider),
  defaultProviders,
  discoverySelectors: list(labelSelector),
  pathNormalization,
  defaultHttpRetryPolicy: httpRetry,
  defaultInboundHttpRetryPolicy: httpRetry,
  meshMTLS: protoNamed(tlsConfig, 'mesh_mTLS'),
  tlsDefaults: tlsConfig,
  compliancePolicy: string,
  serviceScopeConfigs: list(serviceScopeConfig),
  zoneAwareLbSetting,
  defaultTrafficPolicy: message(`${name}.DefaultTrafficPolicy`, { connectionPool, outlierDetection }),
});
export type MeshConfig = InferMessage<typeof meshConfig>;

/** istiod's own defaults. The Helm chart adds `defaultProviders.metrics: [prometheus]`. */
export const meshDefaults: MeshConfig = {
  proxyListenPort: 15001,
  proxyInboundListenPort: 15006,
  connectTimeout: '10s',
  protocolDetectionTimeout: '0s',
  ingressClass: 'istio',
  ingressService: 'istio-ingressgateway',
  ingressControllerMode: 'STRICT',
  enableTracing: true,
  defaultConfig: defaultProxyConfig,
  outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
  inboundTrafficPolicy: {},
  enableAutoMtls: true,
  trustDomain: 'cluster.local',
  defaultServiceExportTo: ['*'],
  defaultVirtualServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
  rootNamespace: 'istio-system',
  localityLbSetting: { enabled: true },
  dnsRefreshRate: '60s',
  enablePrometheusMerge: true,
  extensionProviders: [
    { name: 'prometheus', prometheus: {} },
    { name: 'stackdriver', stackdriver: {} },
    { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
  ],
  defaultProviders: {},
};

/**
 * Reads a parsed MeshConfig document over the defaults; null is an empty one. A document that cannot be read gives an error and the defaults;
 * unknown fields are ignored, the first one with a warning.
 */
export function decodeMeshConfig(value: unknown): { readonly value: MeshConfig; readonly problems: readonly Problem[] } {
  const document = value ?? {};
  const decoded = decodeMessage(document, meshConfig, { unknownFields: 'ignore' });
  if (!decoded.ok) return { value: meshDefaults, problems: [problem('error', decoded.error)] };
  const strict = decodeMessage(document, meshConfig, { unknownFields: 'refuse' });
  return { value: layerMeshConfig(meshDefaults, decoded.value), problems: strict.ok ? [] : [problem('warning', strict.error)] };
}

function problem(severity: Problem['severity'], message: string): Problem {
  return { code: 'mesh-config-invalid', severity, object: 'MeshConfig', path: '', message };
}

/**
 * Lays a decoded document over a lower layer. Its fields replace, except that defaultConfig and defaultProviders are merged, extensionProviders
 * joined by name (new ones at the end) and trustDomainAliases united.
 */
export function layerMeshConfig(base: MeshConfig, layer: MeshConfig): MeshConfig {
  const { defaultConfig, defaultProviders: providers, extensionProviders, trustDomainAliases } = layer;
  return {
    ...applyMessage(base, layer, meshConfig),
    ...(defaultConfig && { defaultConfig: applyProxyConfig(base.defaultConfig ?? defaultProxyConfig, defaultConfig) }),
    ...(providers && { defaultProviders: applyMessage(base.defaultProviders ?? {}, providers, defaultProviders) }),
    ...(extensionProviders && { extensionProviders: joinProviders(base.extensionProviders ?? [], extensionProviders) }),
    ...(trustDomainAliases && { trustDomainAliases: united(base.trustDomainAliases ?? [], trustDomainAliases) }),
  };
}

function joinProviders(base: readonly ExtensionProvider[], added: readonly ExtensionProvider[]): readonly ExtensionProvider[] {
  const joined = new Map(base.map((provider) => [provider.name ?? '', provider]));
  for (const provider of added) joined.set(provider.name ?? '', provider);
  return [...joined.values()];
}

function united(base: readonly string[], added: readonly string[]): readonly string[] {
  return [...new Set([...base, ...added])].sort(compareText);
}
