import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { ExtensionProvider } from '../config/mesh/extension-provider.ts';
import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import { type AccessLog, AccessLogSchema } from '../gen/envoy/config/accesslog/v3/accesslog_pb.js';
import { compareText } from '../lib/compare-text.ts';
import type { Scope } from '../model/index.ts';
import { defaultText, meshFile, providerFile } from './access-log-file.ts';
import { accessLogService, httpGrpcLogger, type Logger, openTelemetryLogger, tcpGrpcLogger } from './access-log-grpc.ts';

/** Where a proxy writes what passed through it. */
export interface AccessLogs {
  /** Of connection managers. */
  readonly http: readonly AccessLog[];
  /** Of TCP proxies. */
  readonly tcp: readonly AccessLog[];
  /** Of the virtual listeners: connections that no filter chain took. */
  readonly listeners: readonly AccessLog[];
}

type LogScope = Pick<Scope, 'config' | 'providerHost'>;

/** The mesh's default loggers (`defaultProviders.accessLogging`), or, if there is none that logs, its `accessLogFile` and access log service. */
export function accessLogs(scope: LogScope): AccessLogs {
  const { config } = scope;
  const ofProviders = providerLoggers(scope);
  const loggers = (kind: 'http' | 'tcp' | 'listener') => (ofProviders.length > 0 ? ofProviders : meshLoggers(config, kind));
  const unmatched = { filterSpecifier: { case: 'responseFlagFilter' as const, value: { flags: ['NR'] } } };
  return {
    http: loggers('http').map((logger) => accessLog(logger)),
    tcp: loggers('tcp').map((logger) => accessLog(logger)),
    listeners: config.disableEnvoyListenerLog === true ? [] : loggers('listener').map((logger) => accessLog(logger, unmatched)),
  };
}

function accessLog({ name, settings }: Logger, filter?: MessageInitShape<typeof AccessLogSchema>['filter']): AccessLog {
  return create(AccessLogSchema, { name, configType: { case: 'typedConfig', value: settings }, ...(filter && { filter }) });
}

/** By name. A provider that is unknown, is for something else, or whose service does not exist logs nothing. */
function providerLoggers(scope: LogScope): readonly Logger[] {
  const { defaultProviders, extensionProviders = [] } = scope.config;
  const names = [...new Set(defaultProviders?.accessLogging ?? [])].sort(compareText);
  return names.flatMap((name) => {
    const provider = extensionProviders.find((candidate) => candidate.name === name);
    return (provider && providerLogger(provider, scope)) ?? [];
  });
}

/** Istio's own provider, which writes as the mesh says unless it was given a format. */
const builtInProvider = 'envoy';

function providerLogger(provider: ExtensionProvider, scope: LogScope): Logger | undefined {
  const { name, envoyFileAccessLog: file, envoyHttpAls, envoyTcpAls, envoyOtelAls } = provider;
  if (file && name === builtInProvider && !(file.logFormat || file.omitEmptyValues)) return meshFile(file.path ?? '', scope.config);
  if (file) return providerFile(file);
  if (envoyHttpAls) return httpGrpcLogger(envoyHttpAls, scope);
  if (envoyTcpAls) return tcpGrpcLogger(envoyTcpAls, scope);
  return envoyOtelAls && openTelemetryLogger(envoyOtelAls, scope, defaultText);
}

function meshLoggers(config: MeshConfig, kind: 'http' | 'tcp' | 'listener'): readonly Logger[] {
  const { accessLogFile = '', enableEnvoyAccessLogService = false } = config;
  return [
    ...(accessLogFile === '' ? [] : [meshFile(accessLogFile, config)]),
    ...(enableEnvoyAccessLogService ? [accessLogService(kind)] : []),
  ];
}
