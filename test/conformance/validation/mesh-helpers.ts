import { checkExtensionProvider } from '../../../shared/config/mesh/check-extension-provider.ts';
import { checkMeshConfig, checkProxyConfigMessage } from '../../../shared/config/mesh/check-mesh-config.ts';
import { checkMeshNetworks } from '../../../shared/config/mesh/check-mesh-networks.ts';
import { extensionProvider } from '../../../shared/config/mesh/extension-provider.ts';
import { layerMeshConfig, meshConfig, meshDefaults } from '../../../shared/config/mesh/mesh-config.ts';
import { meshNetworks } from '../../../shared/config/mesh/mesh-networks.ts';
import { applyProxyConfig, defaultProxyConfig, proxyConfig } from '../../../shared/config/mesh/proxy-config.ts';
import { trustDomainProblem } from '../../../shared/config/mesh/trust-domain.ts';
import type { Finding, Findings } from '../../../shared/lib/finding.ts';
import type { JsonObject, JsonValue } from '../../../shared/lib/json.ts';
import type { MessageSchema } from '../../../shared/lib/message.ts';
import { readProtoMessage } from '../../../shared/lib/proto-json.ts';
import type { Messages } from './messages.ts';

/** Istio's helpers for parts of the mesh's settings. Each part is put into settings that have nothing else to complain of. */
export const meshHelpers: Readonly<Record<string, (...args: readonly never[]) => Messages>> = {
  ValidateMeshConfig: (mesh: JsonObject) => messages(checkMeshConfig(read(mesh, meshConfig))),
  ValidateMeshNetworks: (networks: JsonObject) => messages(checkMeshNetworks(read(networks, meshNetworks))),
  ValidateMeshConfigProxyConfig: (config: JsonObject) => messages(checkProxyConfigMessage(read(config, proxyConfig))),
  ValidateTrustDomain: (name: string) => ({ errors: [trustDomainProblem(name)].filter((text) => text !== undefined), warnings: [] }),
  ValidateConnectTimeout: (connectTimeout: string) => mesh({ connectTimeout }, 'invalid connect timeout: '),
  ValidateProtocolDetectionTimeout: (protocolDetectionTimeout: string) =>
    mesh({ protocolDetectionTimeout }, 'invalid protocol detection timeout: '),
  validateServiceSettings: (settings: JsonObject) => mesh(settings),
  validateMeshConfigDefaultTrafficPolicy: (defaultTrafficPolicy: JsonValue) => mesh({ defaultTrafficPolicy }),
  validateMeshConfigDefaultInboundHTTPRetryPolicy: (defaultInboundHttpRetryPolicy: JsonValue) => mesh({ defaultInboundHttpRetryPolicy }),
  ValidateDrainDuration: (drainDuration: string) => proxy({ drainDuration }, 'invalid drain duration: '),
  ValidateControlPlaneAuthPolicy: (controlPlaneAuthPolicy: number) => proxy({ controlPlaneAuthPolicy }, 'invalid authentication policy: '),
  validateConnectionSettings: (connectionSettings: JsonObject) => proxy({ connectionSettings }, 'invalid connection settings: '),
  validateExtensionProviderService: (service: string) => provider({ envoyHttpAls: { service, port: 1 } }),
  ValidateExtensionProviderEnvoyHTTPAls: (envoyHttpAls: JsonObject) => provider({ envoyHttpAls }),
  ValidateExtensionProviderEnvoyTCPAls: (envoyTcpAls: JsonObject) => provider({ envoyTcpAls }),
  ValidateExtensionProviderEnvoyOtelAls: (envoyOtelAls: JsonObject) => provider({ envoyOtelAls }),
  ValidateExtensionProviderTracingOpentelemetry: (opentelemetry: JsonObject) => provider({ opentelemetry }),
  validateExtensionProviderTracingDatadog: (datadog: JsonObject) => provider({ datadog }),
  validateExtensionProviderTracingLightStep: (lightstep: JsonObject) => provider({ lightstep }),
  validateExtensionProviderTracingOpenCensusAgent: (opencensus: JsonObject) => provider({ opencensus }),
  validateExtensionProviderTracingZipkin: (zipkin: JsonObject) => provider({ zipkin }),
};

function mesh(settings: JsonObject, prefix = ''): Messages {
  return messages(checkMeshConfig(layerMeshConfig(meshDefaults, read(settings, meshConfig))), prefix);
}

function proxy(settings: JsonObject, prefix: string): Messages {
  return messages(checkProxyConfigMessage(applyProxyConfig(defaultProxyConfig, read(settings, proxyConfig))), prefix);
}

function provider(given: JsonObject): Messages {
  return messages(checkExtensionProvider(read(given, extensionProvider)));
}

function read<T>(value: JsonObject, schema: MessageSchema<T>): T {
  const decoded = readProtoMessage(value, schema);
  if (!decoded.ok) throw new Error(`${decoded.path}: ${decoded.message}`);
  return decoded.value;
}

/** Without what the whole puts in front of its part's errors. */
function messages(findings: Findings, prefix = ''): Messages {
  const of = (severity: Finding['severity'], all: readonly Finding[]): readonly string[] =>
    all.filter((finding) => finding.severity === severity).map(({ message }) => message.replace(prefix, ''));
  const all = [...findings];
  return { errors: of('error', all), warnings: of('warning', all) };
}
