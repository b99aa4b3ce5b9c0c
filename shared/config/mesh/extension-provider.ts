/** Services outside of the mesh that its features use, `MeshConfig.ExtensionProvider`. Fields in the order of the .proto file. */

import {
  bool,
  duration,
  enumeration,
  type InferMessage,
  int32,
  int64Value,
  list,
  map,
  message,
  oneof,
  protoNamed,
  string,
  structValue,
  uint32,
} from '../../lib/message.ts';
import { traceContext } from './tracing.ts';

const name = 'istio.mesh.v1alpha1.MeshConfig.ExtensionProvider';

/** Where the provider is: `[<namespace>/]<host>` and its port. */
const endpoint = { service: string, port: uint32 } as const;

const httpHeader = message(`${name}.HttpHeader`, { name: string, ...oneof('HeaderValue', { value: string, envName: string }) });

const httpService = message(`${name}.HttpService`, { path: string, timeout: duration, headers: list(httpHeader) });

const grpcService = message(`${name}.GrpcService`, { timeout: duration, initialMetadata: list(httpHeader) });

const requestBody = message(`${name}.EnvoyExternalAuthorizationRequestBody`, {
  maxRequestBytes: uint32,
  allowPartialMessage: bool,
  packAsBytes: bool,
});

const envoyExtAuthzHttp = message(`${name}.EnvoyExternalAuthorizationHttpProvider`, {
  ...endpoint,
  timeout: duration,
  pathPrefix: string,
  failOpen: bool,
  clearRouteCache: bool,
  statusOnError: string,
  includeHeadersInCheck: list(string),
  includeRequestHeadersInCheck: list(string),
  includeAdditionalHeadersInCheck: map(string),
  includeRequestBodyInCheck: requestBody,
  headersToUpstreamOnAllow: list(string),
  headersToDownstreamOnDeny: list(string),
  headersToDownstreamOnAllow: list(string),
});

const envoyExtAuthzGrpc = message(`${name}.EnvoyExternalAuthorizationGrpcProvider`, {
  ...endpoint,
  timeout: duration,
  failOpen: bool,
  clearRouteCache: bool,
  statusOnError: string,
  includeRequestBodyInCheck: requestBody,
});

const zipkin = message(`${name}.ZipkinTracingProvider`, {
  ...endpoint,
  maxTagLength: uint32,
  enable64bitTraceId: protoNamed(bool, 'enable_64bit_trace_id'),
  path: string,
  traceContextOption: enumeration(`${name}.ZipkinTracingProvider.TraceContextOption`, ['USE_B3', 'USE_B3_WITH_W3C_PROPAGATION']),
  timeout: duration,
  headers: list(httpHeader),
});

const stackdriver = message(`${name}.StackdriverProvider`, {
  debug: bool,
  maxNumberOfAttributes: int64Value,
  maxNumberOfAnnotations: int64Value,
  maxNumberOfMessageEvents: int64Value,
  maxTagLength: uint32,
  logging: message(`${name}.StackdriverProvider.Logging`, { labels: map(string) }),
});

const opencensus = message(`${name}.OpenCensusAgentTracingProvider`, {
  ...endpoint,
  context: list(traceContext(`${name}.OpenCensusAgentTracingProvider.TraceContext`)),
  maxTagLength: uint32,
});

const dynatraceSampler = message(`${name}.OpenTelemetryTracingProvider.DynatraceSampler`, {
  tenant: string,
  clusterId: int32,
  rootSpansPerMinute: uint32,
  httpService: message(`${name}.OpenTelemetryTracingProvider.DynatraceSampler.DynatraceApi`, { ...endpoint, http: httpService }),
});

const opentelemetry = message(`${name}.OpenTelemetryTracingProvider`, {
  ...endpoint,
  maxTagLength: uint32,
  http: httpService,
  resourceDetectors: message(`${name}.ResourceDetectors`, {
    environment: message(`${name}.ResourceDetectors.EnvironmentResourceDetector`, {}),
    dynatrace: message(`${name}.ResourceDetectors.DynatraceResourceDetector`, {}),
  }),
  ...oneof('Sampling', { dynatraceSampler }),
  grpc: grpcService,
  serviceAttributeEnrichment: enumeration(`${name}.OpenTelemetryTracingProvider.ServiceAttributeEnrichment`, [
    'ISTIO_CANONICAL',
    'OTEL_SEMANTIC_CONVENTIONS',
  ]),
});

const envoyFileAccessLog = message(`${name}.EnvoyFileAccessLogProvider`, {
  path: string,
  logFormat: message(`${name}.EnvoyFileAccessLogProvider.LogFormat`, oneof('LogFormat', { text: string, labels: structValue })),
  omitEmptyValues: bool,
});

const envoyHttpAls = message(`${name}.EnvoyHttpGrpcV3LogProvider`, {
  ...endpoint,
  logName: string,
  filterStateObjectsToLog: list(string),
  additionalRequestHeadersToLog: list(string),
  additionalResponseHeadersToLog: list(string),
  additionalResponseTrailersToLog: list(string),
});

const envoyOtelAls = message(`${name}.EnvoyOpenTelemetryLogProvider`, {
  ...endpoint,
  logName: string,
  logFormat: message(`${name}.EnvoyOpenTelemetryLogProvider.LogFormat`, { text: string, labels: structValue }),
});

/** @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ExtensionProvider */
export const extensionProvider = message(name, {
  name: string,
  ...oneof('Provider', {
    envoyExtAuthzHttp,
    envoyExtAuthzGrpc,
    zipkin,
    lightstep: message(`${name}.LightstepTracingProvider`, { ...endpoint, accessToken: string, maxTagLength: uint32 }),
    datadog: message(`${name}.DatadogTracingProvider`, { ...endpoint, maxTagLength: uint32 }),
    stackdriver,
    opencensus,
    skywalking: message(`${name}.SkyWalkingTracingProvider`, { ...endpoint, accessToken: string }),
    opentelemetry,
    prometheus: message(`${name}.PrometheusMetricsProvider`, {}),
    envoyFileAccessLog,
    envoyHttpAls,
    envoyTcpAls: message(`${name}.EnvoyTcpGrpcV3LogProvider`, { ...endpoint, logName: string, filterStateObjectsToLog: list(string) }),
    envoyOtelAls,
    sds: message(`${name}.SDSProvider`, { name: string, ...endpoint }),
  }),
});
export type ExtensionProvider = InferMessage<typeof extensionProvider>;

/** Service (`[NAMESPACE/]HOST`) and port of a provider that traffic is reported to; undefined for those that are no such service. */
export function collectorOf(provider: ExtensionProvider): { readonly service?: string; readonly port?: number } | undefined {
  const { envoyHttpAls, envoyTcpAls, envoyOtelAls, zipkin: zipkinTracer, datadog, skywalking, opentelemetry: otel } = provider;
  return envoyHttpAls ?? envoyTcpAls ?? envoyOtelAls ?? zipkinTracer ?? datadog ?? skywalking ?? otel;
}
