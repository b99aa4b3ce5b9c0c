import type { Duration } from '@bufbuild/protobuf/wkt';
import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import type { HttpRetry } from '../../config/networking/virtual-service-retry.ts';
import type { ListenerKey, Scope } from '../../model/index.ts';
import { type AccessLogs, accessLogs } from '../access-log.ts';
import { durationOf, seconds } from '../duration.ts';
import type { HttpSettings } from '../http-connection-manager.ts';
import { tracing } from '../tracing.ts';

/** What all listeners of a proxy share, worked out once. */
export interface ListenerSettings {
  readonly ipFamilies: ListenerKey['ipFamilies'];
  readonly interception: ListenerKey['interception'];
  readonly exactBalance: ListenerKey['exactBalance'];
  /** Duration text; empty leaves it to Envoy. */
  readonly idleTimeout: string;
  readonly hasIstioExtensions: boolean;
  readonly reportsMetrics: boolean;
  readonly accessLogs: AccessLogs;
  readonly http: HttpSettings;
  /** How long a listener waits for the first bytes where it has to read them; 0 is for ever. */
  readonly protocolDetectionTimeout: Duration;
  /** For requests to the application, the mesh's; absent where it has none. */
  readonly inboundRetry?: HttpRetry;
  /** What the HTTP inspector calls plaintext HTTP. */
  readonly plaintextHttp: readonly string[];
}

export function listenerSettings(scope: Scope, key: ListenerKey): ListenerSettings {
  const { config, features } = scope;
  const { ipFamilies, interception, exactBalance, idleTimeout, hasIstioExtensions } = key;
  const logs = accessLogs(config);
  const inboundRetry = config.defaultInboundHttpRetryPolicy;
  return {
    ipFamilies,
    interception,
    exactBalance,
    idleTimeout,
    hasIstioExtensions,
    reportsMetrics: reportsMetrics(config),
    accessLogs: logs,
    http: httpSettings(scope, key, logs),
    protocolDetectionTimeout: durationOf(config.protocolDetectionTimeout ?? '0s') ?? seconds(0),
    ...(inboundRetry && { inboundRetry }),
    plaintextHttp: features.http10 ? ['http/1.0', 'http/1.1', 'h2c'] : ['http/1.1', 'h2c'],
  };
}

function httpSettings({ config, features, namespace }: Scope, key: ListenerKey, logs: AccessLogs): HttpSettings {
  const { tracing: traced, proxyHeaders = {} } = key.proxyConfig ?? config.defaultConfig ?? {};
  return {
    acceptsHttp10: features.http10 || key.acceptsHttp10,
    idleTimeout: key.idleTimeout,
    headers: proxyHeaders,
    pathNormalization: config.pathNormalization?.normalization ?? 'DEFAULT',
    accessLog: logs.chains,
    ...(config.enableTracing === true && { tracing: tracing(traced, { ...key, namespace }, features.traceSampling) }),
  };
}

/** Istio's filter writes what Prometheus scrapes; a mesh whose defaults name no such provider has none. */
function reportsMetrics({ defaultProviders, extensionProviders = [] }: MeshConfig): boolean {
  const names = defaultProviders?.metrics ?? [];
  return extensionProviders.some(({ name, prometheus }) => prometheus !== undefined && names.includes(name ?? ''));
}
