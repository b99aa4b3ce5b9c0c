import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { ExtensionProvider } from '../config/mesh/extension-provider.ts';
import { ApiVersion } from '../gen/envoy/config/core/v3/config_source_pb.js';
import {
  type CommonGrpcAccessLogConfigSchema,
  HttpGrpcAccessLogConfigSchema,
  TcpGrpcAccessLogConfigSchema,
} from '../gen/envoy/extensions/access_loggers/grpc/v3/als_pb.js';
import { OpenTelemetryAccessLogConfigSchema } from '../gen/envoy/extensions/access_loggers/open_telemetry/v3/logs_service_pb.js';
import type { AnyValueSchema, KeyValueSchema } from '../gen/opentelemetry/proto/common/v1/common_pb.js';
import { compareText } from '../lib/compare-text.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { pack } from '../lib/protobuf.ts';
import type { Scope } from '../model/index.ts';
import { formatters } from './access-log-formatter.ts';
import { outboundClusterName } from './names.ts';

/** Who the peers of a connection are, as Istio's metadata exchange leaves it. */
const peers = ['upstream_peer', 'downstream_peer'];
/** The same under the names of its predecessor: collectors may still look for them. */
const legacyPeers = ['wasm.upstream_peer', 'wasm.upstream_peer_id', 'wasm.downstream_peer', 'wasm.downstream_peer_id'];

const httpLogger = 'envoy.access_loggers.http_grpc';
/** Istio compatibility: the name that Envoy had for it before all extensions were renamed. */
const tcpLogger = 'envoy.tcp_grpc_access_log';

/** Names of the logs where a provider gives none. */
const logNames = { http: 'http_envoy_accesslog', tcp: 'tcp_envoy_accesslog', listener: 'listener_envoy_accesslog' } as const;

/** Cluster of the bootstrap, for `enableEnvoyAccessLogService`. */
const serviceCluster = 'envoy_accesslog_service';

/** A logger before it is told when to write. */
export interface Logger {
  readonly name: string;
  readonly settings: Any;
}

type ServiceLookup = Pick<Scope, 'providerHost'>;
type HttpAls = NonNullable<ExtensionProvider['envoyHttpAls']>;
type TcpAls = NonNullable<ExtensionProvider['envoyTcpAls']>;
type OtelAls = NonNullable<ExtensionProvider['envoyOtelAls']>;

/** Sends entries to a service that speaks Envoy's own protocol; undefined if the service does not exist. */
export function httpGrpcLogger(provider: HttpAls, scope: ServiceLookup): Logger | undefined {
  const commonConfig = common(provider, scope, { logName: logNames.http, state: peers });
  if (commonConfig === undefined) return undefined;
  const settings = create(HttpGrpcAccessLogConfigSchema, {
    commonConfig,
    additionalRequestHeadersToLog: [...(provider.additionalRequestHeadersToLog ?? [])],
    additionalResponseHeadersToLog: [...(provider.additionalResponseHeadersToLog ?? [])],
    additionalResponseTrailersToLog: [...(provider.additionalResponseTrailersToLog ?? [])],
  });
  return { name: httpLogger, settings: pack(HttpGrpcAccessLogConfigSchema, settings) };
}

/** The same for connections that are not read. */
export function tcpGrpcLogger(provider: TcpAls, scope: ServiceLookup): Logger | undefined {
  const commonConfig = common(provider, scope, { logName: logNames.tcp, state: peers });
  const settings = commonConfig && create(TcpGrpcAccessLogConfigSchema, { commonConfig });
  return settings && { name: tcpLogger, settings: pack(TcpGrpcAccessLogConfigSchema, settings) };
}

/** Sends entries to an OpenTelemetry collector; undefined if it does not exist. */
export function openTelemetryLogger(provider: OtelAls, scope: ServiceLookup, defaultText: string): Logger | undefined {
  const { text = '', labels } = provider.logFormat ?? {};
  const commonConfig = common(provider, scope, { logName: 'otel_envoy_accesslog', state: [...peers, ...legacyPeers] });
  if (commonConfig === undefined) return undefined;
  const settings = create(OpenTelemetryAccessLogConfigSchema, {
    commonConfig,
    disableBuiltinLabels: true,
    formatters: formatters(JSON.stringify([text, labels ?? {}])),
    body: { value: { case: 'stringValue', value: text === '' ? defaultText : text } },
    ...(labels && { attributes: { values: attributes(labels) } }),
  });
  return { name: 'envoy.access_loggers.open_telemetry', settings: pack(OpenTelemetryAccessLogConfigSchema, settings) };
}

/** The access log service of the proxy's bootstrap. What Envoy says of a connection that no chain took goes to a log of its own. */
export function accessLogService(kind: keyof typeof logNames): Logger {
  const commonConfig: Common = {
    logName: logNames[kind],
    grpcService: { targetSpecifier: { case: 'envoyGrpc', value: { clusterName: serviceCluster } } },
    transportApiVersion: ApiVersion.V3,
    filterStateObjectsToLog: [...peers, ...legacyPeers],
  };
  return kind === 'http'
    ? { name: httpLogger, settings: pack(HttpGrpcAccessLogConfigSchema, create(HttpGrpcAccessLogConfigSchema, { commonConfig })) }
    : { name: tcpLogger, settings: pack(TcpGrpcAccessLogConfigSchema, create(TcpGrpcAccessLogConfigSchema, { commonConfig })) };
}

interface Endpoint {
  /** `[NAMESPACE/]HOST` */
  readonly service?: string;
  readonly port?: number;
  readonly logName?: string;
  readonly filterStateObjectsToLog?: readonly string[];
}

interface Defaults {
  readonly logName: string;
  readonly state: readonly string[];
}

type Common = MessageInitShape<typeof CommonGrpcAccessLogConfigSchema>;

function common(endpoint: Endpoint, { providerHost }: ServiceLookup, defaults: Defaults): Common | undefined {
  const { service = '', port = 0, logName = '', filterStateObjectsToLog = [] } = endpoint;
  const host = providerHost(service);
  if (host === undefined) return undefined;
  const envoyGrpc = { clusterName: outboundClusterName(host, port), authority: host };
  return {
    logName: logName === '' ? defaults.logName : logName,
    grpcService: { targetSpecifier: { case: 'envoyGrpc', value: envoyGrpc } },
    transportApiVersion: ApiVersion.V3,
    filterStateObjectsToLog: [...(filterStateObjectsToLog.length === 0 ? defaults.state : filterStateObjectsToLog)],
  };
}

function attributes(labels: JsonObject): MessageInitShape<typeof KeyValueSchema>[] {
  const present = Object.entries(labels).flatMap(([key, value]) => {
    const attribute = attributeValue(value);
    return attribute === undefined ? [] : [{ key, value: attribute }];
  });
  return present.sort((a, b) => compareText(a.key, b.key));
}

/** Lists and objects have no place in a line. */
function attributeValue(value: JsonValue | undefined): MessageInitShape<typeof AnyValueSchema> | undefined {
  if (typeof value === 'string') return { value: { case: 'stringValue', value } };
  if (typeof value === 'boolean') return { value: { case: 'boolValue', value } };
  return typeof value === 'number' ? { value: { case: 'doubleValue', value } } : undefined;
}
