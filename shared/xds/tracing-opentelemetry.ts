import { posix } from 'node:path';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { ExtensionProvider } from '../config/mesh/extension-provider.ts';
import { type TypedExtensionConfig, TypedExtensionConfigSchema } from '../gen/envoy/config/core/v3/extension_pb.js';
import type { OpenTelemetryConfigSchema } from '../gen/envoy/config/trace/v3/opentelemetry_pb.js';
import { DynatraceResourceDetectorConfigSchema } from '../gen/envoy/extensions/tracers/opentelemetry/resource_detectors/v3/dynatrace_resource_detector_pb.js';
import { EnvironmentResourceDetectorConfigSchema } from '../gen/envoy/extensions/tracers/opentelemetry/resource_detectors/v3/environment_resource_detector_pb.js';
import { DynatraceSamplerConfigSchema } from '../gen/envoy/extensions/tracers/opentelemetry/samplers/v3/dynatrace_sampler_pb.js';
import { pack } from '../lib/protobuf.ts';
import type { Scope } from '../model/index.ts';
import { durationOf } from './duration.ts';
import {
  type Collector,
  collectorAt,
  type GrpcService,
  grpcCollector,
  type HttpService,
  headerValues,
  httpCollector,
} from './tracing-collector.ts';

type OpenTelemetry = NonNullable<ExtensionProvider['opentelemetry']>;

/**
 * Over HTTP if the provider says so, else over gRPC. Undefined where the sampler has nobody to ask.
 * @param serviceName by which spans name the proxy's service.
 */
export function openTelemetry(
  provider: OpenTelemetry,
  collector: Collector,
  { scope, serviceName }: { readonly scope: Pick<Scope, 'providerHost'>; readonly serviceName: string },
): MessageInitShape<typeof OpenTelemetryConfigSchema> | undefined {
  const { http, dynatraceSampler } = provider;
  const sampler = dynatraceSampler && dynatrace(provider, collector, scope);
  if (dynatraceSampler && sampler === undefined) return undefined;
  return {
    serviceName,
    ...(http
      ? { httpService: httpCollector(collector, joined(collector, http.path), http) }
      : { grpcService: grpcService(provider, collector) }),
    resourceDetectors: resourceDetectors(provider),
    ...(sampler && { sampler }),
  };
}

function joined({ host }: Collector, path = ''): string {
  return posix.join(host, path);
}

function grpcService({ grpc = {} }: OpenTelemetry, collector: Collector): GrpcService {
  const { timeout, initialMetadata = [] } = grpc;
  return {
    ...grpcCollector(collector),
    ...(timeout !== undefined && { timeout: durationOf(timeout) }),
    initialMetadata: [...headerValues(initialMetadata)],
  };
}

function resourceDetectors({ resourceDetectors: wanted = {} }: OpenTelemetry): TypedExtensionConfig[] {
  const environment = pack(EnvironmentResourceDetectorConfigSchema, create(EnvironmentResourceDetectorConfigSchema));
  const dynatraceHost = pack(DynatraceResourceDetectorConfigSchema, create(DynatraceResourceDetectorConfigSchema));
  const prefix = 'envoy.tracers.opentelemetry.resource_detectors';
  return [
    ...(wanted.environment ? [create(TypedExtensionConfigSchema, { name: `${prefix}.environment`, typedConfig: environment })] : []),
    ...(wanted.dynatrace ? [create(TypedExtensionConfigSchema, { name: `${prefix}.dynatrace`, typedConfig: dynatraceHost })] : []),
  ];
}

/** Asks the API that it is given, or else the collector's own host. */
function dynatrace(
  { http, dynatraceSampler = {} }: OpenTelemetry,
  collector: Collector,
  scope: Pick<Scope, 'providerHost'>,
): TypedExtensionConfig | undefined {
  const { tenant = '', clusterId = 0, rootSpansPerMinute = 0, httpService: api } = dynatraceSampler;
  const httpService = api
    ? samplingApi(api, scope)
    : http && httpCollector(collector, joined(collector, 'api/v2/samplingConfiguration'), http);
  if (httpService === undefined) return undefined;
  const settings = create(DynatraceSamplerConfigSchema, { tenant, clusterId, rootSpansPerMinute, httpService });
  return create(TypedExtensionConfigSchema, {
    name: 'envoy.tracers.opentelemetry.samplers.dynatrace',
    typedConfig: pack(DynatraceSamplerConfigSchema, settings),
  });
}

type SamplingApi = NonNullable<NonNullable<OpenTelemetry['dynatraceSampler']>['httpService']>;

function samplingApi(api: SamplingApi, scope: Pick<Scope, 'providerHost'>): HttpService | undefined {
  const collector = collectorAt(api, scope);
  return collector && httpCollector(collector, joined(collector, api.http?.path), api.http ?? {});
}
