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
  /** How long a listener waits for the first bytes where it has to read them; 0 is for ever. */
  readonly protocolDetectionTimeout: Duration;
  /** What the HTTP inspector calls plaintext HTTP. */
  readonly plaintextHttp: readonly string[];
}

/** What listeners with HTTP chains share besides: it names the workload. */
export interface HttpListenerSettings extends ListenerSettings {
  readonly http: HttpSettings;
  /** For requests to the application, the mesh's; absent where it has none. */
  readonly inboundRetry?: HttpRetry;
  /** Pattern of the names under which connections to the application count; empty for those of clusters. */
  readonly inboundStatName: string;
  /** Ports of the virtual listeners. */
  readonly virtualPorts: readonly number[];
}

type SettingsKey = Pick<ListenerKey, 'ipFamilies' | 'interception' | 'exactBalance' | 'idleTimeout' | 'hasIstioExtensions'>;
type HttpSettingsKey = SettingsKey &
  Pick<
    ListenerKey,
    'acceptsHttp10' | 'canonicalName' | 'canonicalRevision' | 'cluster' | 'meshId' | 'nodeCluster' | 'proxyConfig' | 'version'
  >;

export function listenerSettings(scope: Scope, key: SettingsKey): ListenerSettings {
  const { config, features } = scope;
  const { ipFamilies, interception, exactBalance, idleTimeout, hasIstioExtensions } = key;
  return {
    ipFamilies,
    interception,
    exactBalance,
    idleTimeout,
    hasIstioExtensions,
    reportsMetrics: reportsMetrics(config),
    accessLogs: accessLogs(scope),
    protocolDetectionTimeout: durationOf(config.protocolDetectionTimeout ?? '0s') ?? seconds(0),
    plaintextHttp: plaintextHttp(features),
  };
}

export function httpListenerSettings(scope: Scope, key: HttpSettingsKey): HttpListenerSettings {
  const { config, features, namespace } = scope;
  const { tracing: settings, proxyHeaders = {}, gatewayTopology } = key.proxyConfig ?? config.defaultConfig ?? {};
  const shared = listenerSettings(scope, key);
  const spans = tracing(scope, { ...key, namespace, settings });
  const inboundRetry = config.defaultInboundHttpRetryPolicy;
  const http: HttpSettings = {
    acceptsHttp10: features.http10 || key.acceptsHttp10,
    idleTimeout: key.idleTimeout,
    headers: proxyHeaders,
    ...(gatewayTopology && { gatewayTopology }),
    pathNormalization: config.pathNormalization?.normalization ?? 'DEFAULT',
    accessLog: shared.accessLogs.http,
    ...(spans && { tracing: spans }),
  };
  const { inboundClusterStatName: inboundStatName = '', proxyListenPort = 15001, proxyInboundListenPort = 15006 } = config;
  const virtualPorts = [proxyListenPort, proxyInboundListenPort];
  return { ...shared, http, inboundStatName, virtualPorts, ...(inboundRetry && { inboundRetry }) };
}

/** What the HTTP inspector calls plaintext HTTP. */
export function plaintextHttp({ http10 }: Pick<Scope['features'], 'http10'>): readonly string[] {
  return http10 ? ['http/1.0', 'http/1.1', 'h2c'] : ['http/1.1', 'h2c'];
}

/** Istio's filter writes what Prometheus scrapes; a mesh whose defaults name no such provider has none. */
function reportsMetrics({ defaultProviders, extensionProviders = [] }: MeshConfig): boolean {
  const names = defaultProviders?.metrics ?? [];
  return extensionProviders.some(({ name, prometheus }) => prometheus !== undefined && names.includes(name ?? ''));
}
